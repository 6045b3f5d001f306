/** Where the organisation's logo is. Pure. */
import type { Organisation } from '@abetworks/api-crm';

/** Another logo has another address: browsers keep each for good. */
export function logoAddress({ logo_version }: Pick<Organisation, 'logo_version'>) {
  return logo_version === null ? undefined : `/api/v1/organisation/logo?version=${logo_version}`;
}
