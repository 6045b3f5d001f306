/** The contacts that take part, each with their role, and whether there are others that one may not see. */
import { Badge, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Participant } from '../description';
import { useObjects } from '../use-objects';
import type { FieldCellProps } from './field-cell-props';
import classes from './record-cells.module.css';

export function ParticipantsCell({ field, record, nameOf }: FieldCellProps) {
  const { t } = useTranslation('crm');
  const path = useObjects().find(({ name }) => name === field.target)?.path;
  const participants = (record[field.name] as Participant[] | null | undefined) ?? [];
  const hasHidden = record.hidden?.includes(field.name) ?? false;
  if (participants.length === 0 && !hasHidden) return '–';
  return (
    <>
      {participants.map(({ contact_id, role, primary }) => {
        const name = nameOf(field, contact_id)?.name ?? '…';
        return (
          <Group key={contact_id} component="span" gap={6}>
            {path === undefined ? (
              name
            ) : (
              <Link
                to="/$path/$recordId"
                params={{ path, recordId: contact_id }}
                preload={false}
                className={classes.outward}
              >
                {name}
              </Link>
            )}
            {role === null ? null : (
              <Text c="dimmed" size="sm" span>
                {role}
              </Text>
            )}
            {primary ? (
              <Badge component="span" size="sm" variant="light">
                {t('participants.primary')}
              </Badge>
            ) : null}
          </Group>
        );
      })}
      {hasHidden ? (
        <Text c="dimmed" size="sm" span>
          {t(participants.length === 0 ? 'records.hidden' : 'participants.others')}
        </Text>
      ) : null}
    </>
  );
}
