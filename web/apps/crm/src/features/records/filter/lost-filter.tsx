/** In place of a list whose filter lost a part: more than was asked for is shown to nobody unasked. */
import { StateView } from '@abetworks/ui';
import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFilterOff } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '../description';
import { useObjectWords } from '../use-objects';
import { ALL } from '../views/view-search';
import type { ListFilter } from './filter';
import { FilterEditor } from './filter-editor';

interface LostFilterProps {
  object: ObjectDescription;
  /** What is left of it. */
  filter: ListFilter | undefined;
}

export function LostFilter({ object, filter }: LostFilterProps) {
  const { t } = useTranslation('crm');
  const words = useObjectWords(object);
  const navigate = useNavigate();
  const [editing, { open, close }] = useDisclosure(false);
  const showAll = () =>
    void navigate({ to: '/$path', params: { path: object.path }, search: { view: ALL } });
  return (
    <>
      <StateView
        icon={<IconFilterOff aria-hidden />}
        title={t('filter.lost')}
        text={t('filter.lostText', { many: words.many })}
        action={
          <Group gap="xs" justify="center">
            <Button onClick={open}>{t('filter.edit')}</Button>
            <Button variant="default" onClick={showAll}>
              {t('filter.showAll', { many: words.many })}
            </Button>
          </Group>
        }
      />
      {editing ? <FilterEditor object={object} filter={filter} onClose={close} /> : null}
    </>
  );
}
