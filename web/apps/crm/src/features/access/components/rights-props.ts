/** What each part of a role's editor takes. */
import type { RoleDetails } from '../api/roles';
import type { Changes } from '../rights';

export interface RightsProps {
  role: RoleDetails;
  changes: Changes;
  fixed: boolean;
  onChange: (place: string, value: string | boolean) => void;
}
