/**
 * The look, and the repairs that Mantine's defaults need to pass WCAG 2.2 AA: contrast of dimmed and
 * coloured text, and names of close buttons. A repair belongs here, never at a single use.
 */
import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core';
import { hueVariables } from './hues';

const indigo: MantineColorsTuple = [
  '#eef1fd',
  '#dce1f8',
  '#b8c1f0',
  '#96a4ea',
  '#7688e3',
  '#6074de',
  '#4f63d2',
  '#4355bd',
  '#3748a3',
  '#2b3983',
];

/** Cool greys: white surfaces look calm on them, and text on `slate.0` keeps 4.5:1 down to `6`. */
const slate: MantineColorsTuple = [
  '#f6f7fa',
  '#eceff4',
  '#dfe3ea',
  '#ccd2dc',
  '#a3acba',
  '#7c8798',
  '#5b6678',
  '#465061',
  '#323a48',
  '#1f2530',
];

const night: MantineColorsTuple = [
  '#dfe3ea',
  '#b9c1cd',
  '#a2abb9',
  '#79849a',
  '#3a4354',
  '#2c3442',
  '#212833',
  '#181e27',
  '#12171f',
  '#0c1016',
];

export interface ThemeLabels {
  close: string;
}

export function appTheme({ close }: ThemeLabels): MantineThemeOverride {
  const closeButtonProps = { 'aria-label': close };
  const overlayProps = { backgroundOpacity: 0.35, blur: 2 };
  const dialogTitle = { fontWeight: 650, fontSize: 18 };
  return createTheme({
    primaryColor: 'indigo',
    // White on shade 6 is 5.0:1, on 7 6.4:1.
    primaryShade: { light: 6, dark: 6 },
    colors: { indigo, gray: slate, dark: night },
    defaultRadius: 'md',
    cursorType: 'pointer',
    fontFamily:
      '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
    headings: { fontWeight: '650' },
    respectReducedMotion: true,
    components: {
      Modal: {
        defaultProps: {
          closeButtonProps,
          overlayProps,
          centered: true,
          radius: 'lg',
          padding: 'lg',
        },
        styles: { title: dialogTitle },
      },
      Drawer: { defaultProps: { closeButtonProps, overlayProps }, styles: { title: dialogTitle } },
      Spotlight: { defaultProps: { overlayProps } },
      InputWrapper: { styles: { label: { fontWeight: 500, marginBottom: 4 } } },
      NavLink: { styles: { root: { borderRadius: 8 }, label: { fontWeight: 500 } } },
      Notification: { defaultProps: { closeButtonProps } },
      Alert: { defaultProps: { closeButtonLabel: close, radius: 'md' } },
      // The empty element that takes a menu's focus first is a child `menu` may not have.
      Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md', radius: 'md' } },
      Tooltip: {
        defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } },
      },
    },
  });
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...hueVariables('light'),
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1f2530',
    '--mantine-color-dimmed': '#5b6678',
    '--mantine-color-placeholder': '#667184',
    '--mantine-color-error': '#c22525',
    '--mantine-color-anchor': '#4355bd',
    '--mantine-color-default-border': '#ccd2dc',
    '--mantine-color-default-color': '#1f2530',
    '--mantine-color-indigo-light-color': '#3748a3',
    '--mantine-color-red-light-color': '#a51d1d',
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#a61e1e',
    '--mantine-color-green-light-color': '#226b2f',
    '--mantine-color-yellow-light-color': '#7a4a00',
    '--mantine-color-red-light': '#fdeeee',
    '--mantine-color-yellow-light': '#fdf5dc',
    '--app-canvas': '#f6f7fa',
    '--app-surface': '#ffffff',
    '--app-line': '#e3e7ee',
    '--app-hover': '#f6f7fc',
  },
  dark: {
    ...hueVariables('dark'),
    '--mantine-color-body': '#181e27',
    '--mantine-color-text': '#dfe3ea',
    '--mantine-color-dimmed': '#a2abb9',
    '--mantine-color-placeholder': '#929cae',
    '--mantine-color-error': '#ff8f8f',
    '--mantine-color-anchor': '#a9b5f0',
    '--mantine-color-default-border': '#3a4354',
    '--mantine-color-default-color': '#dfe3ea',
    '--mantine-color-indigo-light-color': '#b8c1f0',
    '--mantine-color-red-light-color': '#ffb3b3',
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#a61e1e',
    '--mantine-color-green-light-color': '#a3e0ae',
    '--mantine-color-yellow-light-color': '#ffd98a',
    '--mantine-color-indigo-light': '#232c4d',
    '--mantine-color-red-light': '#3a2128',
    '--mantine-color-yellow-light': '#352b1b',
    '--mantine-color-green-light': '#1d3325',
    '--app-canvas': '#12171f',
    '--app-surface': '#181e27',
    '--app-line': '#2c3442',
    '--app-hover': '#1e2530',
  },
});
