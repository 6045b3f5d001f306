/** msw handlers of currencies' rates. */
import type { components } from '@abetworks/api-crm';
import { HttpResponse, http, type PathParams, type RequestHandler } from 'msw';
import { empty, invalid, problem } from './answers.ts';
import type { FakeBackend } from './backend.ts';

type Schemas = components['schemas'];
type Rate = Schemas['CurrencyRate'];

/** By currency, the newest first. */
function inOrder(one: Rate, other: Rate): number {
  return (
    one.currency.localeCompare(other.currency) || other.valid_from.localeCompare(one.valid_from)
  );
}

export function rateHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  const guard = () =>
    backend.people.manages('organisation') ? undefined : problem(403, 'forbidden');
  const isAt =
    ({ currency, valid_from }: PathParams) =>
    (rate: Rate) =>
      rate.currency === currency && rate.valid_from === valid_from;
  return [
    http.get(
      `${base}/currency-rates`,
      () => guard() ?? HttpResponse.json({ items: backend.rates, next: null, previous: null }),
    ),
    http.put(`${base}/currency-rates/:currency/:valid_from`, async ({ params, request }) => {
      const { rate } = (await request.json()) as Schemas['CurrencyRateInput'];
      if (!(Number(rate) > 0)) return invalid([{ pointer: '/rate', code: 'not-a-rate' }]);
      const set: Rate = {
        currency: String(params.currency),
        valid_from: String(params.valid_from),
        rate,
      };
      const isThere = isAt(params);
      const others = backend.rates.filter((known) => !isThere(known));
      backend.rates = [...others, set].toSorted(inOrder);
      return guard() ?? HttpResponse.json(set);
    }),
    http.delete(`${base}/currency-rates/:currency/:valid_from`, ({ params }) => {
      const isThere = isAt(params);
      if (!backend.rates.some(isThere)) return problem(404, 'not-found');
      backend.rates = backend.rates.filter((known) => !isThere(known));
      return guard() ?? empty();
    }),
  ];
}
