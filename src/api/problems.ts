import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { type Problem, problemSchema } from '../contract/api/problem.ts'
import { type ErrorCode, messageOf, OverloadError, SheafError, WaitingError } from '../errors.ts'

/** Status and title of each kind of failure. */
const kinds: Record<ErrorCode, readonly [status: ContentfulStatusCode, title: string]> = {
  invalid_input: [400, 'The request is not understood'],
  unauthenticated: [401, 'Log in first'],
  forbidden: [403, 'You may not do this'],
  not_found: [404, 'There is no such thing'],
  conflict: [409, 'Its state does not allow this'],
  key_reused: [422, 'The key was used for another request'],
  too_large: [413, 'Too large'],
  too_many_requests: [429, 'Too much at once'],
  overloaded: [503, 'Too much work at hand'],
  locked: [503, 'Another process uses the data folder'],
  store_unavailable: [503, 'The store cannot be used'],
  output_unavailable: [503, 'The report cannot be written'],
  waiting: [503, 'Waiting for somebody else’s limit'],
  elsewhere: [503, 'It goes on in another region'],
  approval_required: [409, 'A person has to agree first'],
  unreadable_document: [422, 'A document cannot be read'],
  source_failed: [502, 'A source of papers failed'],
  upstream_failed: [502, 'Another server failed'],
  address_refused: [403, 'The address must not be reached'],
  verification_failed: [422, 'A report does not hold what it claims'],
  cancelled: [409, 'The work was stopped'],
  internal: [500, 'A fault of Sheaf'],
}

/** Seconds after which to come again where the failure does not say. */
const usualRetryAfter = 5

/**
 * Answers a failure as Problem Details (RFC 9457). What is no SheafError is a fault of ours: its words go to `report`, and
 * the caller learns nothing of them.
 */
export function answerProblem(c: Context, thrown: unknown, report: (thrown: unknown) => void): Response {
  const known = SheafError.isInstance(thrown) ? thrown : asSheafError(thrown)
  if (!known || known.code === 'internal') report(thrown)
  const error = known ?? new SheafError('internal', 'Something went wrong in Sheaf itself.')
  const [status, title] = kinds[error.code]
  const detail = error.code === 'internal' ? 'Something went wrong in Sheaf itself.' : error.message
  return problem(
    c,
    { status, title, code: error.code, detail, ...(error.advice !== undefined && { advice: error.advice }) },
    {
      ...((status === 503 || status === 429) && { 'Retry-After': String(retryAfter(error)) }),
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="Sheaf"' }),
    },
  )
}

/** Answers a request whose parts are not as the contract has them. */
export function answerInvalid(c: Context, where: string, { issues }: z.ZodError): Response {
  const errors = issues.map(({ path, message }) => ({ path: [where, ...path].join('.'), message }))
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  const [status, title] = kinds.invalid_input
  return problem(c, { status, title, code: 'invalid_input', detail: detail.slice(0, 1000), errors })
}

/** Answers a path that leads nowhere. */
export function answerNowhere(c: Context): Response {
  return answerProblem(c, new SheafError('not_found', `Nothing is at ${c.req.path}.`), () => undefined)
}

function problem(
  c: Context,
  { status, ...words }: Omit<Problem, 'type' | 'status'> & { status: ContentfulStatusCode },
  headers: Record<string, string> = {},
): Response {
  const type = `urn:sheaf:problem:${words.code}`
  return c.body(JSON.stringify(problemSchema.parse({ type, status, ...words })), status, {
    'Content-Type': 'application/problem+json',
    ...headers,
  })
}

/** Failures that Hono itself finds in a request: JSON that is none, a body over the limit. */
function asSheafError(thrown: unknown): SheafError | undefined {
  if (!(thrown instanceof HTTPException)) return undefined
  if (thrown.status === 413) return new SheafError('too_large', messageOf(thrown))
  return thrown.status < 500 ? new SheafError('invalid_input', messageOf(thrown)) : undefined
}

function retryAfter(error: SheafError): number {
  if (OverloadError.isInstance(error)) return Math.max(1, Math.ceil(error.retryAfter))
  if (WaitingError.isInstance(error))
    return Math.max(1, Math.ceil((error.until.getTime() - Date.now()) / 1000))
  return usualRetryAfter
}
