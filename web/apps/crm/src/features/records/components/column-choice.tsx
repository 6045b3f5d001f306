/** Which fields a list shows as columns. What is chosen is in the address. */
import { Button, Checkbox, Popover, ScrollArea, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ObjectDescription } from '../description';
import { columnFields, listFields } from '../list-fields';
import { useText } from '../use-objects';

interface ColumnChoiceProps {
  object: ObjectDescription;
  /** The names of those shown, in their order. */
  shown: string[];
}

export function ColumnChoice({ object, shown }: ColumnChoiceProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const navigate = useNavigate();
  const usual = listFields(object).map(({ name }) => name);
  const choose = (names: string[]) => {
    const columns = names.join() === usual.join() ? undefined : names.join();
    void navigate({
      to: '.',
      replace: true,
      search: (search: object) => ({ ...search, columns }),
    });
  };
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          visibleFrom="sm"
          leftSection={<IconColumns3 size={16} aria-hidden />}
        >
          {t('columns.open')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ScrollArea.Autosize mah={360}>
          <Checkbox.Group aria-label={t('columns.open')} value={shown} onChange={choose}>
            <Stack gap="xs">
              {columnFields(object).map(({ name, label }) => (
                <Checkbox key={name} value={name} label={text(label)} />
              ))}
            </Stack>
          </Checkbox.Group>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
