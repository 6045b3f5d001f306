/**
 * Quiet colours for values that people tell apart by sight as well as by their words: a tinted ground
 * with text of at least 4.5:1 on it, in both appearances. Neighbours differ clearly.
 */
interface Hue {
  light: Colours;
  dark: Colours;
}

interface Colours {
  ground: string;
  text: string;
}

function hue(light: [string, string], dark: [string, string]): Hue {
  return {
    light: { ground: light[0], text: light[1] },
    dark: { ground: dark[0], text: dark[1] },
  };
}

export const HUES: readonly Hue[] = [
  hue(['#e1edfb', '#1d4c86'], ['#1b3150', '#a9ccf7']),
  hue(['#fbeed0', '#6f4a05'], ['#3d2f12', '#f0cf86']),
  hue(['#ece6fb', '#513a96'], ['#312752', '#ccbdf6']),
  hue(['#dcf2e1', '#1d5c34'], ['#17381f', '#9cdcae']),
  hue(['#fbe3e8', '#8e2447'], ['#46202d', '#f4b2c4']),
  hue(['#d9f1f1', '#145657'], ['#123738', '#93d9d8']),
  hue(['#fce7d8', '#813a11'], ['#432817', '#f4bd97']),
  hue(['#e4e7fb', '#3748a3'], ['#262d57', '#b8c1f0']),
  hue(['#f8e3f5', '#7c2a72'], ['#402040', '#eab3e2']),
  hue(['#eaf1d3', '#46560f'], ['#2c3514', '#c9db8c']),
];

/** The custom properties that a pill reads. */
export function hueVariables(appearance: 'light' | 'dark'): Record<string, string> {
  return Object.fromEntries(
    HUES.flatMap(({ [appearance]: { ground, text } }, place) => [
      [`--app-hue-${place}-ground`, ground],
      [`--app-hue-${place}-text`, text],
    ]),
  );
}
