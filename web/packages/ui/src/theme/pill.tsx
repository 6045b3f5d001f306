/** A value of a short list, in the colour of its place in that list. The words alone tell it, too. */
import { HUES } from './hues';
import classes from './pill.module.css';

interface PillProps {
  /** In the list of all values; colours begin anew after the last one. */
  place: number;
  text: string;
}

export function Pill({ place, text }: PillProps) {
  const hue = `--app-hue-${place % HUES.length}`;
  return (
    <span
      className={classes.pill}
      style={{ background: `var(${hue}-ground)`, color: `var(${hue}-text)` }}
    >
      {text}
    </span>
  );
}
