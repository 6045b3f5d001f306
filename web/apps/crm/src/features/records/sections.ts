/** Fields by the section of forms and pages that shows them. */
import { useTranslation } from 'react-i18next';
import type { FieldDescription } from './description';

/** What a record is about: on forms its inputs stand under no heading. */
export const MAIN_SECTION = 'details';

export function sections<Field extends Pick<FieldDescription, 'section'>>(
  fields: readonly Field[],
): [string, Field[]][] {
  const bySection = new Map<string, Field[]>([[MAIN_SECTION, []]]);
  for (const field of fields) {
    bySection.set(field.section, [...(bySection.get(field.section) ?? []), field]);
  }
  return [...bySection].filter(([, inIt]) => inIt.length > 0);
}

/** A section that an organisation made goes by its own name. */
export function useSectionName(): (section: string) => string {
  const { t } = useTranslation('crm');
  return (section) => {
    if (section === MAIN_SECTION) return t('records.details');
    if (section === 'address') return t('records.address');
    if (section === 'system') return t('records.system');
    const words = section.replaceAll('_', ' ');
    return words.charAt(0).toUpperCase() + words.slice(1);
  };
}
