/** Which lists belong to a record. */
import { ACTIVITIES, OBJECTS } from '@abetworks/testing';
import { expect, test } from 'vitest';
import type { ObjectDescription } from './description';
import { filterOf, presetOf, relationsTo } from './relations';

const objects = [...OBJECTS, ...ACTIVITIES];
const named = (name: string) => {
  const object = objects.find((candidate) => candidate.name === name);
  if (object === undefined) throw new Error(`no object is called ${name}`);
  return object;
};

const field = (object: ObjectDescription, name: string) => {
  const known = object.fields.find((candidate) => candidate.name === name);
  if (known === undefined) throw new Error(`no field is called ${name}`);
  return known;
};

test('what refers to an account is found in the registry', () => {
  const found = relationsTo(objects, named('account'));
  expect(found.map(({ object, field }) => `${object.name}.${field.name}`)).toEqual([
    'account.parent_id',
    'task.links',
    'note.links',
  ]);
  expect(found.map(({ isAmbiguous }) => isAmbiguous)).toEqual([true, false, false]);
  expect(found.map(({ hasList }) => hasList)).toEqual([true, true, false]);
});

test('who takes part has a list of what in, and begins a new one', () => {
  const contacts = { ...field(named('lead'), 'company'), name: 'contacts', type: 'participants' };
  const lead = {
    ...named('lead'),
    fields: [...named('lead').fields, { ...contacts, target: 'account' }],
  };
  const found = relationsTo([named('account'), lead], named('account'));
  const [, leads] = found;
  if (leads === undefined) throw new Error('leads refer to it');
  expect(found.map(({ object, field: by }) => `${object.name}.${by.name}`)).toEqual([
    'account.parent_id',
    'lead.contacts',
  ]);
  expect(filterOf(leads, named('account'), '1').where).toEqual({
    and: [{ field: 'contacts', op: 'any_of', value: ['1'] }],
  });
  expect(presetOf(leads, named('account'), '1')).toEqual({
    contacts: [{ contact_id: '1', role: null, primary: true }],
  });
  // They take part in nothing of their own.
  expect(relationsTo([named('account'), lead], lead)).toEqual([]);
});

test('a task has notes, and no tasks of its own', () => {
  const found = relationsTo(objects, named('task'));
  expect(found.map(({ object }) => object.name)).toEqual(['note']);
});

test('what may not be seen has no list', () => {
  const hidden = objects.map((object) =>
    object.name === 'task' ? { ...object, levels: {} } : object,
  );
  expect(relationsTo(hidden, named('account')).map(({ object }) => object.name)).toEqual([
    'account',
    'note',
  ]);
});

test('a list is narrowed, and a new record begins, with the record', () => {
  const account = named('account');
  const [parent, tasks] = relationsTo(objects, account);
  if (parent === undefined || tasks === undefined) throw new Error('two relations');
  expect(filterOf(parent, account, '1').where).toEqual({
    and: [{ field: 'parent_id', op: 'eq', value: '1' }],
  });
  expect(filterOf(tasks, account, '1').where).toEqual({
    and: [{ field: 'links', op: 'any_of', value: [{ object: 'account', id: '1' }] }],
  });
  expect(presetOf(parent, account, '1')).toEqual({ parent_id: '1' });
  expect(presetOf(tasks, account, '1')).toEqual({ links: [{ object: 'account', id: '1' }] });
});
