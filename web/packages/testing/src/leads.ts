/** Leads to fill a list with. The same number always gives the same lead. */
import type { components } from '@abetworks/api-crm';

export type Lead = components['schemas']['Lead'];

export function leadNumber(number: number, values: Partial<Lead> = {}): Lead {
  const day = new Date(Date.UTC(2026, 0, 1) + number * 3_600_000).toISOString();
  return {
    id: `01940000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
    version: 1,
    first_name: 'Grace',
    last_name: `Hopper ${number}`,
    company: null,
    email: `lead-${number}@company.example`,
    status: 'new',
    value: { amount: `${number}000.50`, currency: 'EUR' },
    owner_id: null,
    created_at: day,
    updated_at: day,
    ...values,
  };
}
