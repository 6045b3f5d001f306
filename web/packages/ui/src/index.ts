/** What both web apps show. It must not know either app's API: data comes in as props. */

export {
  DataGrid,
  type DataGridProps,
  type GridColumn,
  type GridHandle,
  type GridSort,
} from './grid/data-grid';
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
export { loadUiMessages } from './language/messages';
export { type Preferences, preferFormats } from './language/preferences';
export { fromWallClock, toWallClock } from './language/wall-clock';
export {
  errorsByField,
  type RefusedField,
  useFieldWording,
  useProblemWording,
} from './problem/wording';
export { AddressForm } from './session/address-form';
export { NewPasswordInput } from './session/new-password-input';
export { PublicForm } from './session/public-form';
export { PublicPage } from './session/public-page';
export { ResetPasswordForm } from './session/reset-password-form';
export { SecondStepForm } from './session/second-step-form';
export { SetPasswordForm, type SetPasswordValues } from './session/set-password-form';
export { SignInForm, type SignInValues } from './session/sign-in-form';
export { CommandPalette, type PaletteAction } from './shell/command-palette';
export { openPalette } from './shell/open-palette';
export { Shell, type ShellProps } from './shell/shell';
export { useReturnFocus } from './shell/use-return-focus';
export { UserMenu } from './shell/user-menu';
export { StateView, type StateViewProps } from './state/state-view';
export { UiProvider } from './theme/ui-provider';
