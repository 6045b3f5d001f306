/** msw handlers of the fields that admins make. */
import type { components, FieldError } from '@abetworks/api-crm';
import { HttpResponse, http, type RequestHandler } from 'msw';
import { invalid, problem, refuseStale } from './answers.ts';
import type { FakeBackend } from './backend.ts';

type Schemas = components['schemas'];

export function fieldHandlers({ fields, people }: FakeBackend, base: string): RequestHandler[] {
  const guard = () => (people.manages('fields') ? undefined : problem(403, 'forbidden'));
  return [
    http.get(`${base}/fields`, ({ request }) => {
      const object = new URL(request.url).searchParams.get('object') ?? '';
      return guard() ?? HttpResponse.json({ items: fields.of(object) });
    }),
    http.post(`${base}/fields`, async ({ request }) => {
      const input = (await request.json()) as Schemas['FieldCreate'];
      const errors = mistakes(input);
      if (errors.length > 0) return invalid(errors);
      if (fields.of(input.object).some(({ name }) => name === `c_${input.slug}`)) {
        return problem(409, 'conflict', { field: 'slug', reason: 'taken' });
      }
      if (fields.isFull(input.object)) return problem(403, 'limit-reached', fields.limit);
      return guard() ?? HttpResponse.json(fields.add(input), { status: 201 });
    }),
    http.patch(`${base}/fields/:id`, async ({ params, request }) => {
      const before = fields.all.find(({ id }) => id === params.id);
      const refused = guard() ?? refuseStale(request, before, ['label']);
      if (before === undefined || refused !== undefined) return refused;
      const patch = (await request.json()) as Schemas['FieldPatch'];
      const errors = mistakes({ ...before, ...patch });
      return errors.length > 0 ? invalid(errors) : HttpResponse.json(fields.change(before, patch));
    }),
  ];
}

function mistakes({
  type,
  label,
  options = [],
}: Pick<Schemas['FieldCreate'], 'type' | 'label' | 'options'>): FieldError[] {
  const spots = [
    { spot: '/label', words: label },
    ...options.map((option, index) => ({ spot: `/options/${index}/label`, words: option.label })),
  ];
  const errors = spots.flatMap(({ spot, words }) =>
    (['en', 'de'] as const)
      .filter((language) => words[language].trim() === '')
      .map((language) => ({ pointer: `${spot}/${language}`, code: 'required' })),
  );
  if ((type === 'pick' || type === 'multi_pick') && options.length === 0) {
    errors.push({ pointer: '/options', code: 'required' });
  }
  return errors;
}
