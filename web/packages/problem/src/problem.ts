/**
 * A refusal of the server as an exception: its code, and what it says about single fields. It must
 * not word anything: codes are worded where they are shown.
 */

/** One member of a problem's `errors`. */
export interface RefusedField {
  /** JSON pointer (RFC 6901) into what was sent. */
  pointer: string;
  code: string;
  params?: Record<string, unknown>;
}

/** What servers answer (RFC 9457), with the members that they add. */
export interface Problem {
  /** `urn:abetworks:problem:<code>` */
  type: string;
  title: string;
  status: number;
  /** The fields in question, with `validation`. */
  errors?: RefusedField[];
  /** The fields that have changed since the version of If-Match, with `precondition-failed`. */
  changed?: string[];
  /** What it is now, with `precondition-failed`. */
  current?: unknown;
}

const PREFIX = 'urn:abetworks:problem:';

export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    /** The last part of the problem's `type`; `unreachable` when there was no answer at all. */
    readonly code: string,
    readonly status: number,
    /** The problem as the server sent it. */
    readonly problem: Partial<Problem> = {},
    options?: ErrorOptions,
  ) {
    super(`${code} (${status})`, options);
  }

  get errors(): readonly RefusedField[] {
    return this.problem.errors ?? [];
  }

  /** Why it conflicts, where the server says so. */
  get reason(): string | undefined {
    const { reason } = this.problem as { reason?: unknown };
    return typeof reason === 'string' ? reason : undefined;
  }

  /** The field whose value conflicts, where the server says so. */
  get field(): string | undefined {
    const { field } = this.problem as { field?: unknown };
    return typeof field === 'string' ? field : undefined;
  }

  static unreachable(cause: unknown): ProblemError {
    return new ProblemError('unreachable', 0, {}, { cause });
  }

  /** An answer that is no problem document (a proxy's page, say) still gets a code to word. */
  static from(response: Response, body: unknown): ProblemError {
    const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
    const type = typeof problem.type === 'string' ? problem.type : '';
    const code = type.startsWith(PREFIX)
      ? type.slice(PREFIX.length)
      : fallbackCode(response.status);
    return new ProblemError(code, response.status, problem);
  }
}

function fallbackCode(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 429) return 'rate-limited';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  return 'internal';
}

/** The field that a pointer leads into: `/label/en` is `label.en` where a form has that, or `label`. */
function fieldAt(pointer: string, fields: readonly string[]): string | undefined {
  const path = pointer.replace(/^#?\//, '').split('/');
  const names = path.map((_, index) => path.slice(0, path.length - index).join('.'));
  return names.find((name) => fields.includes(name));
}

/**
 * The refusals by the name of the form's field. What belongs to none of `fields` is returned apart,
 * so that a form never swallows a refusal it has no place for.
 */
export function errorsByField(
  errors: readonly RefusedField[],
  fields: readonly string[],
): { byField: Record<string, RefusedField>; others: RefusedField[] } {
  const byField: Record<string, RefusedField> = {};
  const others: RefusedField[] = [];
  for (const error of errors) {
    const name = fieldAt(error.pointer, fields);
    if (name === undefined) others.push(error);
    else byField[name] ??= error;
  }
  return { byField, others };
}
