/** Which areas of the settings a role manages. */
import { Checkbox, SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AREAS, managesOf } from '../rights';
import type { RightsProps } from './rights-props';

export function AreaChoice({ role, changes, fixed, onChange }: RightsProps) {
  const { t } = useTranslation('crm');
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
      {AREAS.map((area) => (
        <Checkbox
          key={area}
          label={t(`settings.roles.areas.${area}`)}
          disabled={fixed}
          checked={managesOf(role, changes, area)}
          onChange={(event) => onChange(`areas.${area}`, event.currentTarget.checked)}
        />
      ))}
    </SimpleGrid>
  );
}
