import { afterEach, describe, expect, test } from 'vitest';
import { decimalSeparator, formatAmount, formatCount, formatDateTime, formatDay } from './format';
import { preferFormats } from './preferences';
import { fromWallClock, toWallClock } from './wall-clock';

const NONE = { timezone: null, number_format: null, date_format: null };

afterEach(() => preferFormats(null));

describe('numbers', () => {
  test.each([
    ['1,234.56', '1,234,567', '€1,234.50', '.'],
    ['1.234,56', '1.234.567', '€1.234,50', ','],
    ['1 234,56', '1\u00a0234\u00a0567', '€1\u00a0234,50', ','],
    ["1'234.56", "1'234'567", "€1'234.50", '.'],
  ])('are written like %s', (number_format, count, amount, separator) => {
    preferFormats({ ...NONE, number_format });
    expect(formatCount(1_234_567, 'en')).toBe(count);
    expect(formatAmount('1234.50', 'en', 'EUR')).toBe(amount);
    expect(decimalSeparator('en')).toBe(separator);
  });

  test.each([
    ['1234.99', 'JPY', '¥1,234.99'],
    ['1234', 'JPY', '¥1,234'],
    ['1.2345', 'KWD', 'KWD\u00a01.2345'],
    ['1.2', 'KWD', 'KWD\u00a01.200'],
    ['12.3456', 'EUR', '€12.3456'],
    ['12.5000', 'EUR', '€12.50'],
    ['90071992547409.9301', 'EUR', '€90,071,992,547,409.9301'],
  ])('%s of money is shown as it is stored', (amount, currency, shown) => {
    expect(formatAmount(amount, 'en', currency)).toBe(shown);
  });

  test('follow the language where nothing is chosen', () => {
    expect(formatCount(1_234_567, 'de')).toBe('1.234.567');
    expect(decimalSeparator('de')).toBe(',');
  });
});

describe('days and times', () => {
  test.each([
    ['yyyy-mm-dd', '2026-03-04'],
    ['dd.mm.yyyy', '04.03.2026'],
    ['dd/mm/yyyy', '04/03/2026'],
    ['mm/dd/yyyy', '03/04/2026'],
  ])('are written as %s', (date_format, day) => {
    preferFormats({ ...NONE, date_format });
    expect(formatDay('2026-03-04', 'en')).toBe(day);
  });

  test('are those of the place that was chosen', () => {
    preferFormats({ ...NONE, timezone: 'Asia/Kolkata', date_format: 'yyyy-mm-dd' });
    expect(formatDateTime('2026-03-04T20:00:00.000Z', 'de')).toBe('2026-03-05, 01:30');
  });

  test.each([
    ['Europe/Berlin', '2026-03-29T00:59:00.000Z', '2026-03-29T01:59'],
    ['Europe/Berlin', '2026-03-29T01:00:00.000Z', '2026-03-29T03:00'],
    ['America/St_Johns', '2026-01-01T00:00:00.000Z', '2025-12-31T20:30'],
    ['UTC', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00'],
  ])('go through an input and back in %s', (timezone, instant, shown) => {
    preferFormats({ ...NONE, timezone });
    expect(toWallClock(instant)).toBe(shown);
    expect(fromWallClock(shown)).toBe(instant);
  });

  test('what is no time is told', () => {
    expect(fromWallClock('tomorrow')).toBeUndefined();
  });
});
