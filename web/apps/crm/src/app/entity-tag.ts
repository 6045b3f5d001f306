/** What a change of one version of something carries: refused when it is no more that version. */
export function ifMatch({ version }: { version: number }) {
  return { 'If-Match': `"${version}"` };
}

/** Of a PATCH: its body is a JSON merge patch. */
export const MERGE_PATCH = { 'Content-Type': 'application/merge-patch+json' };
