/** Numbers and times as the reader's language writes them. Formatters are slow to make: kept. */
import { chosen, type Separators } from './preferences';

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

/** Written as the reader likes it, where they have said how; the language decides the rest. */
function written(format: Intl.NumberFormat, value: number | Intl.StringNumericLiteral): string {
  const { separators } = chosen();
  if (separators === undefined) return format.format(value);
  return format
    .formatToParts(value)
    .map((part) => separators[part.type as keyof Separators] ?? part.value)
    .join('');
}

export function formatCount(value: number, language: string): string {
  return written(numberFormat(language, {}), value);
}

/** What stands between whole and parts where numbers are typed. */
export function decimalSeparator(language: string): string {
  const { separators } = chosen();
  if (separators !== undefined) return separators.decimal;
  const parts = numberFormat(language, {}).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.';
}

export function formatDate(instant: string, language: string): string {
  return dayText(new Date(instant), language, zone());
}

export function formatDateTime(instant: string, language: string): string {
  const date = new Date(instant);
  if (chosen().dateOrder === undefined) {
    const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
    return dateFormat(language, { ...style, ...zone() }).format(date);
  }
  const time = dateFormat(language, { timeStyle: 'short', ...zone() }).format(date);
  return `${dayText(date, language, zone())}, ${time}`;
}

/** A day without a time: the same everywhere, whatever the clock says. */
export function formatDay(day: string, language: string): string {
  return dayText(new Date(day), language, { timeZone: 'UTC' });
}

function zone(): Intl.DateTimeFormatOptions {
  const { timezone } = chosen();
  return timezone === undefined ? {} : { timeZone: timezone };
}

function dayText(date: Date, language: string, place: Intl.DateTimeFormatOptions): string {
  const { dateOrder } = chosen();
  if (dateOrder === undefined) {
    return dateFormat(language, { dateStyle: 'medium', ...place }).format(date);
  }
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const parts = dateFormat('en', { ...digits, ...place }).formatToParts(date);
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? '';
  return dateOrder
    .replace('yyyy', part('year'))
    .replace('mm', part('month'))
    .replace('dd', part('day'));
}

/** More than any amount has: what is stored is shown, whatever a currency's own digits are. */
const ALL_DIGITS = 20;

/** A decimal number given as a text, digit by digit; with a currency, an amount of money. */
export function formatAmount(amount: string, language: string, currency?: string): string {
  const options: Intl.NumberFormatOptions = {
    maximumFractionDigits: ALL_DIGITS,
    ...(currency === undefined ? {} : { style: 'currency', currency }),
  };
  // Intl reads texts exactly, numbers not.
  return written(numberFormat(language, options), amount as Intl.StringNumericLiteral);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

export function formatBytes(bytes: number, language: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const format = numberFormat(language, {
    style: 'unit',
    unit: UNITS[unit] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: unit === 0 ? 0 : 1,
  });
  return written(format, value);
}
