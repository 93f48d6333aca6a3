import { APICallError } from 'ai'
import { z } from 'zod'
import { messageOf } from '../errors.ts'
import type { Usage } from '../store/model-answers.ts'
import { retryAfterOf, untilMidnightPacific } from './server-word.ts'

/** Why a call gave no answer that can be used. */
export type FailureKind =
  /** The provider's fault, which may pass. */
  | 'passing'
  /** Asked too often; it may be asked again at `until`. */
  | 'rate_limited'
  /** The account's quota is used up; it is worth a try at `until`. */
  | 'quota_gone'
  /** The key or the model is not accepted, until a person changes the settings. */
  | 'misconfigured'
  /** This request is not accepted by this provider. */
  | 'rejected'
  /** The model would not answer. */
  | 'refused'
  /** The answer has not the shape that was asked for. */
  | 'unusable'
  | 'aborted'

/** A failed call. It stays inside the gateway, which decides what comes of it. */
export class CallFailure extends Error {
  readonly kind: FailureKind
  readonly until: Date | undefined
  /** What the provider said it took; `nothing` where it surely took nothing, undefined where nobody knows. */
  readonly usage: Usage | 'nothing' | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    kind: FailureKind,
    message: string,
    details: {
      until?: Date | undefined
      usage?: Usage | 'nothing' | undefined
      headers?: Readonly<Record<string, string>> | undefined
      cause?: unknown
    } = {},
  ) {
    super(message, { cause: details.cause })
    this.name = 'CallFailure'
    this.kind = kind
    this.until = details.until
    this.usage = details.usage
    this.headers = details.headers ?? {}
  }
}

/** After so long a provider whose quota is gone is tried again, in milliseconds. */
const quotaPause = 3_600_000

const text = z.string().optional().catch(undefined)
/** The error bodies of all providers: OpenAI's have `code` and `type`, Gemini's `status` and `details`, Anthropic's `type`. */
const errorSchema = z.object({
  error: z.object({
    message: text,
    type: text,
    code: z.union([z.string(), z.number()]).nullish().catch(undefined),
    status: text,
    details: z.array(z.unknown()).nullish().catch(undefined),
  }),
})
export type ErrorBody = z.infer<typeof errorSchema>['error']

/** Understands what a provider's client threw. */
export function understand(thrown: unknown, now: Date): CallFailure {
  if (!APICallError.isInstance(thrown))
    return new CallFailure('passing', messageOf(thrown), { cause: thrown })
  const { statusCode, responseHeaders: headers = {} } = thrown
  const body = bodyOf(thrown)
  const message = body.message ?? thrown.message
  // A connection that was never made, or an error that the server told: neither is charged.
  const usage = statusCode === undefined ? unlessSent(thrown) : statusCode >= 400 ? 'nothing' : undefined
  const failure = (kind: FailureKind, until?: Date) =>
    new CallFailure(kind, message, { until, usage, headers, cause: thrown })

  const words = `${body.code ?? ''} ${body.type ?? ''} ${body.status ?? ''}`
  if (isQuotaGone(statusCode, words, message))
    return failure('quota_gone', new Date(now.getTime() + quotaPause))
  if (isDailyQuota(body)) return failure('quota_gone', untilMidnightPacific(now))
  if (statusCode === 429 || /rate_limit|RESOURCE_EXHAUSTED/.test(words))
    return failure('rate_limited', retryAfterOf(headers, body, now))
  if ([401, 403, 404].includes(statusCode ?? 0) || /API_KEY_INVALID/.test(JSON.stringify(body.details ?? '')))
    return failure('misconfigured')
  const passes = statusCode === undefined || statusCode < 400 || statusCode >= 500 || statusCode === 408
  // OpenAI tells failures of an accepted request under status 200, which its client turns into 400.
  if (passes || /server_error|overloaded/.test(words)) return failure('passing')
  return failure('rejected')
}

function bodyOf({ responseBody = '' }: APICallError): ErrorBody {
  try {
    const parsed: unknown = JSON.parse(responseBody)
    // Gemini's stream-shaped errors come in a list.
    return errorSchema.parse(Array.isArray(parsed) ? parsed[0] : parsed).error
  } catch {
    // Not every server has a body of this form; the status is what counts then.
    return {}
  }
}

function isQuotaGone(status: number | undefined, words: string, message: string): boolean {
  return (
    status === 402 ||
    /insufficient_quota|billing_error|billing_hard_limit/.test(words) ||
    // Anthropic has no code for it.
    /credit balance is too low/i.test(message)
  )
}

const quotaFailureSchema = z.object({ violations: z.array(z.object({ quotaId: z.string() })) })

/** Gemini's quotas of a day may carry a short `retryDelay`, which does not help; their name tells. */
function isDailyQuota({ details }: ErrorBody): boolean {
  return (details ?? []).some((detail) => {
    const parsed = quotaFailureSchema.safeParse(detail)
    return parsed.success && parsed.data.violations.some(({ quotaId }) => quotaId.includes('PerDay'))
  })
}

function unlessSent({ cause }: APICallError): 'nothing' | undefined {
  const code = String((cause as { code?: unknown } | undefined)?.code ?? '')
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(code) ? 'nothing' : undefined
}
