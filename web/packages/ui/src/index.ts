/** How both web apps look. It must know no API and no errors: data comes in as props. */

export type { GridColumn, GridSort } from './grid/columns';
export { DataGrid, type DataGridProps } from './grid/data-grid';
export type { GridHandle } from './grid/use-grid-keys';
export {
  decimalSeparator,
  formatAmount,
  formatBytes,
  formatCount,
  formatDate,
  formatDateTime,
  formatDay,
} from './language/format';
export { LANGUAGES, type Language, preferredLanguage, rememberLanguage } from './language/language';
export { loadUiMessages, type UiMessages } from './language/messages';
export { type Preferences, preferFormats } from './language/preferences';
export { fromWallClock, toWallClock } from './language/wall-clock';
export { CommandPalette, type PaletteAction } from './shell/command-palette';
export { openPalette } from './shell/open-palette';
export { Shell, type ShellProps } from './shell/shell';
export { useReturnFocus } from './shell/use-return-focus';
export { UserMenu } from './shell/user-menu';
export { StateView, type StateViewProps } from './state/state-view';
export { Pill } from './theme/pill';
export { UiProvider } from './theme/ui-provider';
