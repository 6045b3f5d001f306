/**
 * How the reader likes dates and numbers written, as far as they have said so; what they have not
 * follows the browser. One reader a page, so it is kept here and not handed to every formatter.
 */
export interface Preferences {
  /** A name of the IANA time zone database. */
  timezone: string | null;
  /** `1,234.56` and the like: how that number is written. */
  number_format: string | null;
  /** `yyyy-mm-dd` and the like. */
  date_format: string | null;
}

export interface Separators {
  group: string;
  decimal: string;
}

interface Chosen {
  timezone: string | undefined;
  separators: Separators | undefined;
  dateOrder: string | undefined;
}

const NOTHING: Chosen = { timezone: undefined, separators: undefined, dateOrder: undefined };

let present = NOTHING;

export function chosen(): Chosen {
  return present;
}

/** `null` forgets the reader: somebody else may sign in next. */
export function preferFormats(preferences: Preferences | null): void {
  present =
    preferences === null
      ? NOTHING
      : {
          timezone: preferences.timezone ?? undefined,
          separators: separatorsOf(preferences.number_format),
          dateOrder: preferences.date_format ?? undefined,
        };
}

function separatorsOf(example: string | null): Separators | undefined {
  const found = /^1(.)234(.)56$/.exec(example ?? '');
  if (found === null) return undefined;
  const [, group = '', decimal = ''] = found;
  // A number is one word: it must not break at a line's end.
  return { group: group === ' ' ? '\u00a0' : group, decimal };
}
