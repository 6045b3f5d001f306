/**
 * What the platform's mail server has caught: `MAILS_COMMAND` prints it, one JSON object a mail.
 * Without a cluster there is no mail server.
 */
import { exec } from 'node:child_process';
import { promisify } from 'node:util';

export const HAS_MAILS = process.env.MAILS_COMMAND !== undefined;

interface Mail {
  to: string;
  /** Headers and body, encoded. */
  text: string;
}

export async function mailsTo(address: string): Promise<Mail[]> {
  const { stdout } = await promisify(exec)(process.env.MAILS_COMMAND ?? '');
  const all = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Mail]));
  return all.filter(({ to }) => to === address);
}

/** The first link of a mail. Quoted-printable (RFC 2045): a long line goes on behind "=". */
export function linkIn({ text }: Mail): string {
  const [link] = /http\S+/.exec(text.replaceAll('=\n', '')) ?? [];
  if (link === undefined) throw new Error(`no link in ${text}`);
  return link;
}
