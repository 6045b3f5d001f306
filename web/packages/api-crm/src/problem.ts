/**
 * A refusal of the server as an exception: its code, and what it says about single fields. It must
 * not word anything: codes are worded where they are shown.
 */
import type { components } from './schema';

export type Problem = components['schemas']['Problem'];
export type FieldError = components['schemas']['FieldError'];

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

  get errors(): readonly FieldError[] {
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
