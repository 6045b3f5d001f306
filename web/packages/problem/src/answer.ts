/** What a call of a generated client brings, or what refused it. */
import { ProblemError } from './problem';

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of a successful answer; anything else is thrown as a `ProblemError`. */
export async function unwrap<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const answer = await call.catch((cause: unknown) => {
    throw ProblemError.unreachable(cause);
  });
  if (!answer.response.ok) throw ProblemError.from(answer.response, answer.error);
  return answer.data as Data;
}
