/** msw handlers of the organisation's logo. */
import { HttpResponse, http, type RequestHandler } from 'msw';
import { empty, invalid, problem } from './answers.ts';
import type { FakeBackend } from './backend.ts';

const MOST_BYTES = 256 * 1024;

/** By which first bytes each type is known. */
const BEGINNINGS: Record<string, string> = {
  'image/png': '\x89PNG\r\n\x1a\n',
  'image/jpeg': '\xff\xd8\xff',
  'image/webp': 'RIFF',
};

export function logoHandlers(backend: FakeBackend, base: string): RequestHandler[] {
  const path = `${base}/organisation/logo`;
  const guard = () =>
    backend.people.manages('organisation') ? undefined : problem(403, 'forbidden');
  return [
    http.get(path, () => {
      if (backend.logo === undefined) return problem(404, 'not-found');
      const { type, bytes } = backend.logo;
      return new HttpResponse(bytes, { headers: { 'Content-Type': type } });
    }),
    http.put(path, async ({ request }) => {
      const type = request.headers.get('Content-Type') ?? '';
      const bytes = await request.arrayBuffer();
      const beginning = BEGINNINGS[type];
      if (beginning === undefined) return problem(415, 'unsupported-media-type');
      if (bytes.byteLength > MOST_BYTES) return problem(413, 'too-large');
      const first = String.fromCharCode(...new Uint8Array(bytes.slice(0, beginning.length)));
      if (first !== beginning) {
        return invalid([{ pointer: '', code: 'wrong-image', params: { type } }]);
      }
      const refused = guard();
      if (refused !== undefined) return refused;
      backend.setLogo({ type, bytes });
      return HttpResponse.json(backend.organisation);
    }),
    http.delete(path, () => {
      const refused = guard();
      if (refused !== undefined) return refused;
      if (backend.logo === undefined) return problem(404, 'not-found');
      backend.setLogo(undefined);
      return empty();
    }),
  ];
}
