/** What every web app needs to work. It must know neither app's API: what asks a server is handed in. */
export { Confirm, type ConfirmProps } from './dialog/confirm';
export { Dialog } from './dialog/dialog';
export { ShownOnce } from './dialog/shown-once';
export { codeOf, useNotifyRefusal, useRefusalWording } from './form/refusal';
export { useServerForm } from './form/use-server-form';
export { LinkMenuItem } from './link/link-menu-item';
export { type LinkPaths, takeLinkToken } from './link/link-token';
export { LinkButton, LinkItem, LinkText } from './link/links';
export { isPlace, place } from './link/place';
export { Loaded } from './loading/loaded';
export { PageProblem } from './loading/page-problem';
export { makeQueryClient } from './loading/query-client';
export { appMessages, type SharedMessages } from './messages';
export {
  lettersOf,
  type Shortcut,
  useRegisteredShortcuts,
  useShortcut,
  useShortcutListener,
  useShortcuts,
} from './shortcuts';
export { AddressForm } from './sign-in/address-form';
export { NewPasswordInput } from './sign-in/new-password-input';
export { PublicForm } from './sign-in/public-form';
export { PublicPage } from './sign-in/public-page';
export { ResetPasswordForm } from './sign-in/reset-password-form';
export { SecondStepForm } from './sign-in/second-step-form';
export { SetPasswordForm, type SetPasswordValues } from './sign-in/set-password-form';
export { SignInForm, type SignInValues } from './sign-in/sign-in-form';
