/** What a browser calls itself, as far as people would recognise it. Pure. */
interface Device {
  browser: string | undefined;
  system: string | undefined;
  mobile: boolean;
}

/** The first that is found: most browsers also claim to be those after them. */
const BROWSERS = [
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Firefox', /(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|CriOS|Chromium)\//],
  ['Safari', /Safari\//],
] as const;

const SYSTEMS = [
  ['iOS', /iPhone|iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Macintosh/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
] as const;

export function deviceOf(userAgent: string): Device {
  const first = (names: readonly (readonly [string, RegExp])[]) =>
    names.find(([, sign]) => sign.test(userAgent))?.[0];
  return {
    browser: first(BROWSERS),
    system: first(SYSTEMS),
    mobile: /Mobi|iPhone|Android/.test(userAgent),
  };
}
