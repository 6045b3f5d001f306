/** Which areas of the settings one manages. */
import type { components } from '@abetworks/api-crm';

export type Area = components['schemas']['Area'];
