/** A field's value as a list shows it, by the field's type. It must not fetch: names come in. */

import { LinkText } from '@abetworks/app-kit';
import {
  formatAmount,
  formatCount,
  formatDate,
  formatDateTime,
  formatDay,
  Pill,
} from '@abetworks/ui';
import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Address, FieldDescription, RecordLink as Linked, Money } from '../description';
import { useObjects, useText } from '../use-objects';
import { AddressesCell } from './addresses-cell';
import type { FieldCellProps, Named } from './field-cell-props';
import { callTo, mailTo, Outward } from './outward';
import { ParticipantsCell } from './participants-cell';
import classes from './record-cells.module.css';
import { TagBadge } from './tag-badge';

const NONE = '–';

export function FieldCell({ field, record, nameOf }: FieldCellProps): ReactNode {
  const { t, i18n } = useTranslation('crm');
  const language = i18n.language;
  if (field.type === 'participants') {
    return <ParticipantsCell field={field} record={record} nameOf={nameOf} />;
  }
  if (record.hidden?.includes(field.name)) {
    return (
      <Text c="dimmed" inherit span>
        {t('records.hidden')}
      </Text>
    );
  }
  const value = record[field.name];
  if (value === null || value === undefined) return NONE;
  switch (field.type) {
    case 'integer':
      return formatCount(Number(value), language);
    case 'decimal':
      return formatAmount(String(value), language);
    case 'percent':
      return `${formatAmount(String(value), language)} %`;
    case 'currency': {
      const { amount, currency } = value as Money;
      return formatAmount(amount, language, currency);
    }
    case 'date':
      return formatDay(String(value), language);
    case 'date_time':
      return field.section === 'system' ? (
        <Text c="dimmed" inherit span>
          {formatDate(String(value), language)}
        </Text>
      ) : (
        formatDateTime(String(value), language)
      );
    case 'boolean':
      return value === true ? t('records.yes') : t('records.no');
    case 'pick':
      return <Option field={field} chosen={String(value)} />;
    case 'multi_pick':
      return <Options field={field} chosen={value as string[]} />;
    case 'tags':
      return <Tags tags={(value as string[]).map((id) => ({ id, ...nameOf(field, id) }))} />;
    case 'emails':
    case 'phones':
      return <AddressesCell type={field.type} addresses={value as Address[]} />;
    case 'links':
      return <Links links={value as Linked[]} nameOf={(id) => nameOf(field, id)?.name} />;
    case 'email':
      return <Outward href={mailTo(String(value))} text={String(value)} />;
    case 'phone':
      return <Outward href={callTo(String(value))} text={String(value)} />;
    case 'url':
      return <Outward href={String(value)} text={String(value)} elsewhere />;
    case 'user':
    case 'team':
    case 'relation':
    case 'choice':
      return nameOf(field, String(value))?.name ?? '…';
    default:
      return String(value);
  }
}

function Tags({ tags }: { tags: (Partial<Named> & { id: string })[] }) {
  if (tags.length === 0) return NONE;
  return (
    <Group component="span" display="inline-flex" gap={4}>
      {tags.map(({ id, name, colour }) => (
        <TagBadge key={id} name={name ?? '…'} colour={colour ?? 'gray'} />
      ))}
    </Group>
  );
}

interface LinksProps {
  links: Linked[];
  nameOf: (id: string) => string | undefined;
}

function Links({ links, nameOf }: LinksProps) {
  const objects = useObjects();
  if (links.length === 0) return NONE;
  return (
    <Group component="span" display="inline-flex" gap="xs">
      {links.map(({ object, id }) => {
        const path = objects.find(({ name }) => name === object)?.path;
        const name = nameOf(id) ?? '…';
        if (path === undefined) return <span key={id}>{name}</span>;
        return (
          <LinkText
            key={id}
            to="/$path/$recordId"
            params={{ path, recordId: id }}
            inherit
            className={classes.outward ?? ''}
          >
            {name}
          </LinkText>
        );
      })}
    </Group>
  );
}

/** An option that is no more is told by its key. */
function Option({ field, chosen }: { field: FieldDescription; chosen: string }) {
  const text = useText();
  const place = field.options.findIndex(({ key }) => key === chosen);
  const option = field.options[place];
  return option === undefined ? chosen : <Pill place={place} text={text(option.label)} />;
}

function Options({ field, chosen }: { field: FieldDescription; chosen: string[] }) {
  if (chosen.length === 0) return NONE;
  return (
    <Group component="span" display="inline-flex" gap={4}>
      {chosen.map((key) => (
        <Option key={key} field={field} chosen={key} />
      ))}
    </Group>
  );
}

interface RecordLinkProps {
  path: string;
  id: string;
  title: string;
}

/** Covers its whole row, so that a click anywhere opens the record and Tab still stops once. */
export function RecordLink({ path, id, title }: RecordLinkProps) {
  return (
    <Link
      to="/$path/$recordId"
      params={{ path, recordId: id }}
      search={true}
      preload={false}
      className={classes.link}
    >
      {title}
    </Link>
  );
}
