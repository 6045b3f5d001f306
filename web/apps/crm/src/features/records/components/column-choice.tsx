/** Which fields a list shows as columns, and in which order. What is chosen is in the address. */
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Popover,
  ScrollArea,
  Stack,
  Text,
  VisuallyHidden,
} from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldDescription, ObjectDescription } from '../description';
import { columnFields, listFields, moved, shownFields } from '../list-fields';
import { useText } from '../use-objects';
import type { ListSearch } from '../views/view-search';

interface ColumnChoiceProps {
  object: ObjectDescription;
  /** In their order. */
  shown: FieldDescription[];
}

export function ColumnChoice({ object, shown }: ColumnChoiceProps) {
  const { t } = useTranslation('crm');
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
        <Columns object={object} shown={shown} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** All that can be shown: first what is, as the list has it. */
function Columns({ object, shown }: ColumnChoiceProps) {
  const { t } = useTranslation('crm');
  const change = useChangeColumns(object);
  const keepFocus = useKeptFocus(shown);
  const [last, setLast] = useState<string>();
  const others = columnFields(object).filter((field) => !shown.includes(field));
  const toggle = (name: string) => {
    keepFocus();
    change((names) =>
      names.includes(name) ? names.filter((other) => other !== name) : [...names, name],
    );
  };
  const move = (name: string, by: -1 | 1) => {
    keepFocus();
    setLast(name);
    change((names) => moved(names, name, by));
  };
  return (
    <Stack gap="xs">
      <ScrollArea.Autosize mah={360} offsetScrollbars>
        <Stack
          component="ul"
          gap={4}
          p={0}
          m={0}
          style={{ listStyle: 'none' }}
          aria-label={t('columns.of')}
        >
          {[...shown, ...others].map((field, place) => (
            <Column
              key={field.name}
              field={field}
              place={place < shown.length ? place : undefined}
              count={shown.length}
              onToggle={() => toggle(field.name)}
              onMove={(by) => move(field.name, by)}
            />
          ))}
        </Stack>
      </ScrollArea.Autosize>
      <Text size="xs" c="dimmed">
        {t('columns.keys')}
      </Text>
      <LastMoved shown={shown} name={last} />
    </Stack>
  );
}

/** Changes what the address says at that moment: somebody may be faster than the page. */
function useChangeColumns(object: ObjectDescription) {
  const navigate = useNavigate();
  const usual = listFields(object).map(({ name }) => name);
  return (next: (names: string[]) => string[]) =>
    void navigate({
      to: '.',
      replace: true,
      search: (search: ListSearch) => {
        const names = next(shownFields(object, search.columns).map(({ name }) => name));
        return { ...search, columns: names.join() === usual.join() ? undefined : names.join() };
      },
    });
}

/** An entry that takes another place in the page loses the focus: what has it when asked has it afterwards. */
function useKeptFocus(shown: FieldDescription[]): () => void {
  const kept = useRef<Element | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the places that have changed
  useLayoutEffect(() => {
    if (kept.current instanceof HTMLElement) kept.current.focus();
    kept.current = null;
  }, [shown]);
  return () => {
    kept.current = document.activeElement;
  };
}

/** Where an entry is now, for who does not see it. */
function LastMoved({ shown, name }: { shown: FieldDescription[]; name: string | undefined }) {
  const { t } = useTranslation('crm');
  const text = useText();
  const field = shown.find((candidate) => candidate.name === name);
  const said = (moved: FieldDescription) =>
    t('columns.place', {
      name: text(moved.label),
      place: shown.indexOf(moved) + 1,
      count: shown.length,
    });
  return <VisuallyHidden role="status">{field === undefined ? null : said(field)}</VisuallyHidden>;
}

interface ColumnProps {
  field: FieldDescription;
  /** Among those shown, from 0 on; one that is not shown has none. */
  place: number | undefined;
  /** So many are shown. */
  count: number;
  onToggle: () => void;
  onMove: (by: -1 | 1) => void;
}

function Column({ field, place, count, onToggle, onMove }: ColumnProps) {
  const { t } = useTranslation('crm');
  const name = useText()(field.label);
  const isShown = place !== undefined;
  const moveByKey = (event: KeyboardEvent) => {
    if (!isShown || !event.altKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return;
    event.preventDefault();
    onMove(event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <Group
      component="li"
      justify="space-between"
      wrap="nowrap"
      gap="md"
      mih={28}
      onKeyDown={moveByKey}
    >
      <Checkbox
        label={name}
        checked={isShown}
        onChange={onToggle}
        aria-keyshortcuts={isShown ? 'Alt+ArrowUp Alt+ArrowDown' : undefined}
      />
      {isShown ? (
        <ActionIcon.Group>
          <ActionIcon
            variant="default"
            size={28}
            {...atEnd(place === 0)}
            aria-label={t('columns.up', { name })}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={28}
            {...atEnd(place === count - 1)}
            aria-label={t('columns.down', { name })}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={16} aria-hidden />
          </ActionIcon>
        </ActionIcon.Group>
      ) : null}
    </Group>
  );
}

/** Out of use, but it keeps the focus of who has just got there with it. */
function atEnd(isAtEnd: boolean) {
  return isAtEnd ? { 'data-disabled': true, 'aria-disabled': true } : {};
}
