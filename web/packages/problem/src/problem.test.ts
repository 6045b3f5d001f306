import { expect, test } from 'vitest';
import { unwrap } from './answer';
import { ProblemError } from './problem';

test('a problem keeps its code, fields and status', () => {
  const errors = [{ pointer: '/name', code: 'required', params: {} }];
  const body = { type: 'urn:abetworks:problem:validation', title: '', status: 422, errors };
  const error = ProblemError.from(new Response(null, { status: 422 }), body);
  expect(error).toMatchObject({ code: 'validation', status: 422, errors });
});

test.each([
  [502, 'unavailable'],
  [404, 'not-found'],
  [500, 'internal'],
])('an answer %i without a problem document is %s', (status, code) => {
  expect(ProblemError.from(new Response(null, { status }), '<html>').code).toBe(code);
});

test('no answer at all is a problem, too', async () => {
  const call = unwrap(Promise.reject(new TypeError('network')));
  await expect(call).rejects.toMatchObject({ code: 'unreachable', status: 0 });
});
