import type { Failure, FailureResponse, LimitState, Limits } from '../exchange.ts'

const quotaError = {
  message:
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
  type: 'insufficient_quota',
  param: null,
  code: 'insufficient_quota',
}

/** How OpenAI, and servers that are compatible with it, refuse a request. */
export function openaiFailure(failure: Failure): FailureResponse {
  if (failure.kind === 'quota') return { status: 429, body: { error: quotaError } }
  if (failure.kind === 'rate_limit') {
    const [type, short] = failure.of === 'tokens' ? ['tokens', 'TPM'] : ['requests', 'RPM']
    const seconds = failure.retryAfter / 1_000
    const message = `Rate limit reached on ${type} per min (${short}): Limit ${failure.limit}. Please try again in ${seconds}s.`
    return {
      status: 429,
      headers: {
        'retry-after': String(Math.ceil(seconds)),
        'retry-after-ms': String(Math.ceil(failure.retryAfter)),
      },
      body: { error: { message, type, param: null, code: 'rate_limit_exceeded' } },
    }
  }
  if (failure.kind === 'invalid') {
    const error = { message: failure.message, type: 'invalid_request_error', param: null, code: null }
    return { status: 400, body: { error } }
  }
  const overloaded = failure.kind === 'overloaded'
  const message = overloaded
    ? 'The engine is currently overloaded, please try again later.'
    : 'The server had an error.'
  return {
    status: overloaded ? 503 : 500,
    body: { error: { message, type: 'server_error', param: null, code: null } },
  }
}

/** The event that says, in a stream that began well, that the quota is gone. */
export const openaiQuotaError = quotaError

/** The headers that say what is left of each limit; resets are durations, as `6m0s`. */
export function openaiLimitHeaders(limits: Limits): Record<string, string> {
  const headersOf = (name: string, { limit, remaining, resetAfter }: LimitState) => [
    [`x-ratelimit-limit-${name}`, String(limit)],
    [`x-ratelimit-remaining-${name}`, String(Math.floor(remaining))],
    [`x-ratelimit-reset-${name}`, duration(resetAfter)],
  ]
  return Object.fromEntries([
    ...headersOf('requests', limits.requests),
    ...headersOf('tokens', limits.tokens),
  ])
}

function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.ceil(milliseconds)}ms`
  const seconds = milliseconds / 1_000
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round((seconds - 60 * minutes) * 1_000) / 1_000
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`
}
