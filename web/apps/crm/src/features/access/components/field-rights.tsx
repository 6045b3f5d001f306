/** The rights on the fields of one object. */
import { NativeSelect, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '@/features/records/description';
import { useText } from '@/features/records/use-objects';
import { FIELD_RIGHTS, restrictable, rightOf } from '../rights';
import type { RightsProps } from './rights-props';
import classes from './roles.module.css';

interface FieldRightsProps extends RightsProps {
  object: ObjectDescription;
}

export function FieldRights({ role, changes, fixed, onChange, object }: FieldRightsProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  return (
    <div className={classes.fields}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('settings.roles.fieldsText')}
      </Text>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        {restrictable(object).map(({ name, label }) => {
          const place = `fields.${object.name}.${name}`;
          const right = rightOf(role, changes, object.name, name);
          return (
            <NativeSelect
              key={name}
              size="xs"
              label={text(label)}
              data-right={right}
              data-changed={place in changes || undefined}
              classNames={{ input: classes.right ?? '' }}
              disabled={fixed}
              value={right}
              data={FIELD_RIGHTS.map((value) => ({
                value,
                label: t(`settings.roles.fieldRights.${value}`),
              }))}
              onChange={(event) => onChange(place, event.currentTarget.value)}
            />
          );
        })}
      </SimpleGrid>
    </div>
  );
}
