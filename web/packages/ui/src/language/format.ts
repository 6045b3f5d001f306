/** Numbers and times as the reader's language writes them. Formatters are slow to make: kept. */
/** The reader's region decides how a date is written, as far as the language shown is theirs. */
function regional(language: string): string {
  return navigator.languages.find((candidate) => candidate.startsWith(`${language}-`)) ?? language;
}

const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const made = numbers.get(key) ?? new Intl.NumberFormat(regional(language), options);
  numbers.set(key, made);
  return made;
}

function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const made = dates.get(key) ?? new Intl.DateTimeFormat(regional(language), options);
  dates.set(key, made);
  return made;
}

export function formatCount(value: number, language: string): string {
  return numberFormat(language, {}).format(value);
}

export function formatDate(instant: string, language: string): string {
  return dateFormat(language, { dateStyle: 'medium' }).format(new Date(instant));
}

export function formatDateTime(instant: string, language: string): string {
  return dateFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(instant),
  );
}

/** A day without a time: the same everywhere, whatever the clock says. */
export function formatDay(day: string, language: string): string {
  return dateFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}

/** A decimal number given as a text, digit by digit; with a currency, an amount of money. */
export function formatAmount(amount: string, language: string, currency?: string): string {
  const options: Intl.NumberFormatOptions =
    currency === undefined ? { maximumFractionDigits: 20 } : { style: 'currency', currency };
  // Intl reads texts exactly, numbers not.
  return numberFormat(language, options).format(amount as Intl.StringNumericLiteral);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function formatBytes(bytes: number, language: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return numberFormat(language, {
    style: 'unit',
    unit: UNITS[unit] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: unit === 0 ? 0 : 1,
  }).format(value);
}
