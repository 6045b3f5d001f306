/** Someone else saved first: which fields they changed, and whose value stays where both did. */
import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conflict } from '../conflict';
import type { CrmRecord, FieldDescription, ObjectDescription } from '../description';
import { useObjectWords, useText } from '../use-objects';
import type { NameOf } from './field-cell-props';
import { FieldCell } from './record-cells';
import { useNames } from './use-names';

interface ConflictNoticeProps {
  object: ObjectDescription;
  conflict: Conflict;
  /** What was changed here, as the API takes it. */
  mine: Record<string, unknown>;
  onTheirs: (current: CrmRecord) => void;
  /** `given`: names of fields that keep what the other wrote. */
  onMine: (current: CrmRecord, given: string[]) => void;
}

export function ConflictNotice(props: ConflictNoticeProps) {
  const { object, conflict, mine, onTheirs, onMine } = props;
  const { t, i18n } = useTranslation('crm');
  const text = useText();
  const words = useObjectWords(object);
  const both = useMemo(
    () => conflict.changed.filter(({ name }) => name in mine),
    [conflict.changed, mine],
  );
  const [given, setGiven] = useState<string[]>([]);
  // It stands above the inputs; whoever pressed a button may not see it there.
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    notice.current?.scrollIntoView({ block: 'nearest' });
    notice.current?.focus({ preventScroll: true });
  }, []);
  const names = conflict.changed.map(({ label }) => text(label));
  const list = new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(names);
  const told = names.length === 0 ? words.bent('changedMeanwhile') : undefined;
  return (
    <Alert
      ref={notice}
      tabIndex={-1}
      // Below the head of a panel, which stays in sight.
      style={{ scrollMarginTop: 80 }}
      color="yellow"
      icon={<IconUsers aria-hidden />}
      title={t('conflict.title')}
    >
      <Text size="sm">
        {told ?? t('conflict.fields', { fields: list })}{' '}
        {t(both.length === 0 ? 'conflict.rest' : 'conflict.choose')}
      </Text>
      {both.length === 0 ? null : (
        <Choices
          fields={both}
          current={conflict.current}
          mine={mine}
          given={given}
          onGiven={setGiven}
        />
      )}
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={() => onMine(conflict.current, given)}>
          {t(both.length === 0 ? 'conflict.mine' : 'conflict.merge')}
        </Button>
        <Button size="xs" variant="default" onClick={() => onTheirs(conflict.current)}>
          {t('conflict.theirs')}
        </Button>
      </Group>
    </Alert>
  );
}

interface ChoicesProps {
  fields: FieldDescription[];
  current: CrmRecord;
  mine: Record<string, unknown>;
  given: string[];
  onGiven: (given: string[]) => void;
}

function Choices({ fields, current, mine, given, onGiven }: ChoicesProps) {
  const text = useText();
  const own = useMemo(() => ({ ...current, ...mine }) as CrmRecord, [current, mine]);
  const pages = useMemo(() => [[current, own]], [current, own]);
  const nameOf = useNames(fields, pages);
  return (
    <Stack gap="sm" mt="sm">
      {fields.map((field) => (
        <Radio.Group
          key={field.name}
          label={text(field.label)}
          value={given.includes(field.name) ? 'theirs' : 'mine'}
          onChange={(whose) => {
            const others = given.filter((name) => name !== field.name);
            onGiven(whose === 'theirs' ? [...others, field.name] : others);
          }}
        >
          <Stack gap={4} mt={4}>
            <Radio value="mine" label={<Value of="yours" {...{ field, nameOf }} record={own} />} />
            <Radio
              value="theirs"
              label={<Value of="other" {...{ field, nameOf }} record={current} />}
            />
          </Stack>
        </Radio.Group>
      ))}
    </Stack>
  );
}

interface ValueProps {
  of: 'yours' | 'other';
  field: FieldDescription;
  record: CrmRecord;
  nameOf: NameOf;
}

function Value({ of, field, record, nameOf }: ValueProps) {
  const { t } = useTranslation('crm');
  return (
    <>
      {t(`conflict.${of}`)}
      <FieldCell field={field} record={record} nameOf={nameOf} />
    </>
  );
}
