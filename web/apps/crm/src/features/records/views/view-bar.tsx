/** The saved views of a list: those at hand as links, all of them in a menu, with what to do with one. */

import { Confirm, LinkButton, LinkMenuItem, useNotifyRefusal } from '@abetworks/app-kit';
import { Button, Group, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconDeviceFloppy,
  IconHome,
  IconPencil,
  IconPin,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '@/app/context';
import {
  useDeleteView,
  usePreferView,
  useUpdateView,
  type View,
  type ViewPreference,
  viewsQuery,
} from '../api/views';
import type { ObjectDescription } from '../description';
import { useObjectWords } from '../use-objects';
import { ALL, isChanged, keptIn, type ListSearch, searchOf } from './view-search';

const ViewDialog = lazy(async () => ({ default: (await import('./view-dialog')).ViewDialog }));

interface ViewBarProps {
  object: ObjectDescription;
  search: ListSearch;
  readOnly: boolean;
}

const icon = { size: 16, 'aria-hidden': true } as const;

export function ViewBar({ object, search, readOnly }: ViewBarProps) {
  const { t } = useTranslation('crm');
  const words = useObjectWords(object);
  const views = useQuery(viewsQuery(useClient(), object.name)).data ?? [];
  const current = views.find(({ id }) => id === search.view);
  const changed = current !== undefined && isChanged(object, current, search);
  // Here, and not in the menu: that is gone before an answer is there.
  const notify = useNotifyRefusal();
  const update = useUpdateView();
  const prefer = usePreferView();
  const keep = (view: View) =>
    update.mutate({ base: view, patch: keptIn(view, search) }, { onError: notify });
  const put = ({ id, is_default, is_pinned }: View, preference: Partial<ViewPreference>) =>
    prefer.mutate({ id, is_default, is_pinned, ...preference }, { onError: notify });
  const [dialog, setDialog] = useState<'new' | 'change' | 'delete'>();
  const all = t('views.all', { many: words.many });
  const shown = current?.name ?? all;
  return (
    <Group gap="xs">
      <Menu position="bottom-start" width={280}>
        <Menu.Target>
          <Button
            variant="default"
            rightSection={<IconChevronDown {...icon} />}
            aria-label={t('views.open', { name: shown })}
          >
            {changed ? t('views.changed', { name: shown }) : shown}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ViewLink path={object.path} search={{ view: ALL }} name={all} />
          {views.map((view) => (
            <ViewLink
              key={view.id}
              path={object.path}
              search={searchOf(view)}
              name={view.name}
              note={noteOf(view)}
            />
          ))}
          {readOnly ? null : (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus {...icon} />} onClick={() => setDialog('new')}>
                {t('views.save')}
              </Menu.Item>
              {current === undefined ? null : (
                <OfView
                  view={current}
                  changed={changed}
                  onKeep={() => keep(current)}
                  onPrefer={(preference) => put(current, preference)}
                  onChange={() => setDialog('change')}
                  onDelete={() => setDialog('delete')}
                />
              )}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {views
        .filter(({ is_pinned }) => is_pinned)
        .map((view) => (
          <LinkButton
            key={view.id}
            to="/$path"
            params={{ path: object.path }}
            search={searchOf(view)}
            variant={view.id === search.view ? 'light' : 'subtle'}
            color={view.id === search.view ? 'indigo' : 'gray'}
            aria-current={view.id === search.view ? 'true' : undefined}
          >
            {view.name}
          </LinkButton>
        ))}
      {current === undefined ? null : (
        <DeleteView
          object={object}
          view={current}
          asked={dialog === 'delete'}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === undefined || dialog === 'delete' ? null : (
        <Suspense>
          <ViewDialog
            object={object}
            search={search}
            view={dialog === 'change' ? current : undefined}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
    </Group>
  );
}

type Note = 'default' | 'shared' | 'team' | undefined;

function noteOf({ is_default, visibility }: View): Note {
  if (is_default) return 'default';
  return visibility === 'private' ? undefined : visibility;
}

interface ViewLinkProps {
  path: string;
  search: ListSearch;
  name: string;
  note?: Note;
}

function ViewLink({ path, search, name, note }: ViewLinkProps) {
  const { t } = useTranslation('crm');
  return (
    <LinkMenuItem
      to="/$path"
      params={{ path }}
      search={search}
      rightSection={
        note === undefined ? undefined : (
          <span style={{ fontSize: 12, color: 'var(--mantine-color-dimmed)' }}>
            {t(`views.notes.${note}`)}
          </span>
        )
      }
    >
      {name}
    </LinkMenuItem>
  );
}

interface OfViewProps {
  view: View;
  changed: boolean;
  onKeep: () => void;
  onPrefer: (preference: Partial<ViewPreference>) => void;
  onChange: () => void;
  onDelete: () => void;
}

/** What can be done with the view that is shown. */
function OfView({ view, changed, onKeep, onPrefer, onChange, onDelete }: OfViewProps) {
  const { t } = useTranslation('crm');
  const { is_default, is_pinned } = view;
  return (
    <>
      {view.editable && changed ? (
        <Menu.Item leftSection={<IconDeviceFloppy {...icon} />} onClick={onKeep}>
          {t('views.keep', { name: view.name })}
        </Menu.Item>
      ) : null}
      <Menu.Item
        leftSection={<IconPin {...icon} />}
        onClick={() => onPrefer({ is_pinned: !is_pinned })}
      >
        {t(is_pinned ? 'views.unpin' : 'views.pin')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconHome {...icon} />}
        onClick={() => onPrefer({ is_default: !is_default })}
      >
        {t(is_default ? 'views.noDefault' : 'views.makeDefault')}
      </Menu.Item>
      {view.editable ? (
        <>
          <Menu.Item leftSection={<IconPencil {...icon} />} onClick={onChange}>
            {t('views.change')}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash {...icon} />} onClick={onDelete}>
            {t('views.delete')}
          </Menu.Item>
        </>
      ) : null}
    </>
  );
}

interface DeleteViewProps {
  object: ObjectDescription;
  view: View;
  asked: boolean;
  onClose: () => void;
}

/** Outside the menu, which closes before the answer is there. */
function DeleteView({ object, view, asked, onClose }: DeleteViewProps) {
  const { t } = useTranslation('crm');
  const notify = useNotifyRefusal();
  const navigate = useNavigate();
  const remove = useDeleteView();
  const leave = () => {
    onClose();
    void navigate({ to: '/$path', params: { path: object.path }, search: { view: ALL } });
  };
  return (
    <Confirm
      opened={asked}
      title={t('views.deleteTitle', { name: view.name })}
      text={t('views.deleteText')}
      confirm={t('views.delete')}
      pending={remove.isPending}
      onConfirm={() =>
        remove.mutate(view, {
          onSuccess: leave,
          onError: (error) => {
            onClose();
            notify(error);
          },
        })
      }
      onClose={onClose}
    />
  );
}
