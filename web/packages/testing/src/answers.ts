/** How the API answers refusals. */
import type { FieldError } from '@abetworks/api-crm';
import { HttpResponse } from 'msw';

export function problem(status: number, code: string, more: Record<string, unknown> = {}) {
  return HttpResponse.json(
    { type: `urn:abetworks:problem:${code}`, title: code, status, ...more },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );
}

export const invalid = (errors: FieldError[]) => problem(422, 'validation', { errors });

export const empty = () => new HttpResponse(null, { status: 204 });

/** `undefined` when the version that the request was made on is still the present one. */
export function refuseStale<One extends { version: number }>(
  request: Request,
  current: One | undefined,
  changed: string[],
) {
  if (current === undefined) return problem(404, 'not-found');
  const match = request.headers.get('If-Match');
  if (match === null) return problem(428, 'precondition-required');
  if (match === `"${current.version}"`) return undefined;
  return problem(412, 'precondition-failed', { current, changed });
}
