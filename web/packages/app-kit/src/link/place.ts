/** Where to go after something: a path of the app and nothing else, since an address of another origin would make a phishing link. */
import { z } from 'zod/mini';

const PLACE = /^\/(?![/\\])/;

export const place = z.catch(z.string().check(z.regex(PLACE)), '/');

export function isPlace(text: string): boolean {
  return PLACE.test(text);
}
