/** A link out of the app: to a page, a mail, a call. */
import classes from './record-cells.module.css';

interface OutwardProps {
  href: string;
  text: string;
  elsewhere?: boolean;
}

/** Out of the app, so it has to lie above the row's own link. */
export function Outward({ href, text, elsewhere = false }: OutwardProps) {
  return (
    <a
      className={classes.outward}
      href={href}
      {...(elsewhere ? { target: '_blank', rel: 'noopener noreferrer' } : {})}
    >
      {text}
    </a>
  );
}

export function mailTo(address: string): string {
  return `mailto:${address}`;
}

export function callTo(number: string): string {
  return `tel:${number.replace(/[^\d+]/g, '')}`;
}
