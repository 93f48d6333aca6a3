import { hc } from 'hono/client'
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
export function createClient({ url, token, fetch: send = fetch }: ServerAddress) {
  return hc<Api>(url, {
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    fetch: async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
      const answer = await send(input, init).catch((cause: unknown) => {
        throw new SheafError(
          'upstream_failed',
          `The Sheaf server at ${url} does not answer: ${messageOf(cause)}`,
          {
            advice: 'See whether "sheaf serve" runs there.',
            retryable: true,
            cause,
          },
        )
      })
      if (answer.ok || answer.status === 304) return answer
      throw await asSheafError(answer)
    },
  })
}

export type SheafClient = ReturnType<typeof createClient>

/** The failure that an answer tells of, as it was thrown at the server. */
async function asSheafError(answer: Response): Promise<SheafError> {
  const problem = problemSchema.safeParse(await answer.json().catch(() => undefined))
  if (!problem.success)
    return new SheafError('upstream_failed', `The Sheaf server answered with status ${answer.status}.`)
  const { code, detail, advice } = problem.data
  const known = errorCodes.find((one) => one === code) ?? ('upstream_failed' satisfies ErrorCode)
  return new SheafError(known, detail, advice === undefined ? {} : { advice })
}
