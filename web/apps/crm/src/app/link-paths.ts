/** The pages of this app that are come to by a secret link, or with a provider's answer. */
import type { LinkPaths } from '@abetworks/app-kit';

export const LINK_PATHS: LinkPaths = {
  fragment: ['/invite', '/confirm', '/reset'],
  query: '/single-sign-on/callback',
};
