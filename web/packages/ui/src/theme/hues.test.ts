import { expect, test } from 'vitest';
import { HUES } from './hues';

/** WCAG 2.2: relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

test('contrast is counted as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

test.each(HUES.map((hue, place) => [place, hue] as const))('hue %i can be read', (_, hue) => {
  expect(contrast(hue.light.ground, hue.light.text)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(hue.dark.ground, hue.dark.text)).toBeGreaterThanOrEqual(4.5);
});
