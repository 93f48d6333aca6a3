import { hc } from 'hono/client'
import type { z } from 'zod'
import type { Api } from '../api/app.ts'
import { problemSchema } from '../contract/api/problem.ts'
import { type ErrorCode, errorCodes, messageOf, SheafError } from '../errors.ts'

/** Where a server is, and who asks. */
export interface ServerAddress {
  /** As `http://127.0.0.1:4320`. */
  readonly url: string
  /** An API token; none where the server asks for no login. */
  readonly token?: string | undefined
  readonly fetch?: typeof fetch
}

/**
 * Every route of the API as a typed function: `client.api.v1.sessions.$get({ query: {} })`. Answers other than a success
 * are thrown, see {@link asSheafError}.
 */
export function createClient(server: ServerAddress) {
  return hc<Api>(server.url, {
    // hc gives the address as text.
    fetch: (address: unknown, init?: RequestInit) => request(server, String(address), init),
  })
}

export type SheafClient = ReturnType<typeof createClient>

/** Sends one request; the path may be a whole address at the server. @throws {SheafError} what {@link asSheafError} says. */
export async function request(
  { url, token, fetch: send = fetch }: ServerAddress,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers)
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`)
  const answer = await send(new URL(path, url), { ...init, headers }).catch((cause: unknown) => {
    throw new SheafError(
      'upstream_failed',
      `The Sheaf server at ${url} does not answer: ${reasonOf(cause)}`,
      {
        advice: 'See whether "sheaf serve" runs there.',
        retryable: true,
        cause,
      },
    )
  })
  if (answer.ok || answer.status === 304) return answer
  throw await asSheafError(answer)
}

/** The content of an answer. @throws {SheafError} `upstream_failed` where it is not as this version knows it. */
export async function contentOf<Schema extends z.ZodType>(
  schema: Schema,
  answer: { json(): Promise<unknown> },
): Promise<z.infer<Schema>> {
  const content = schema.safeParse(await answer.json().catch(() => undefined))
  if (content.success) return content.data
  throw new SheafError('upstream_failed', 'The Sheaf server’s answer is not understood here.', {
    advice: 'Use the same version of Sheaf as the server.',
    cause: content.error,
  })
}

/** `fetch` says itself only that it failed, and why in its cause. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  return messageOf(cause instanceof Error && cause.message !== '' ? cause : thrown)
}

/** The failure that an answer tells of, as it was thrown at the server. */
async function asSheafError(answer: Response): Promise<SheafError> {
  const problem = problemSchema.safeParse(await answer.json().catch(() => undefined))
  if (!problem.success)
    return new SheafError('upstream_failed', `The Sheaf server answered with status ${answer.status}.`)
  const { code, detail, advice } = problem.data
  const known = errorCodes.find((one) => one === code) ?? ('upstream_failed' satisfies ErrorCode)
  return new SheafError(known, detail, {
    ...(advice !== undefined && { advice }),
    retryable: answer.status === 503,
  })
}
