import type { Pause, Service, UpstreamResponse } from './upstream.ts'

/** No server is taken at its word for longer, in milliseconds: it is asked again after a day. */
const longest = 86_400_000

/**
 * Until when a server wants to be left alone: Retry-After in seconds or as a date (RFC 9110, 10.2.3). Undefined when it
 * says nothing, or nothing that can be read.
 */
export function retryAfter(value: string | undefined, now: Date): Date | undefined {
  const text = value?.trim() ?? ''
  const milliseconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : httpDate(text) - now.getTime()
  if (Number.isNaN(milliseconds)) return undefined
  return new Date(now.getTime() + Math.min(Math.max(milliseconds, 0), longest))
}

/** JavaScript's own dates are more than HTTP's: `5` is one, and a year. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN
}

/**
 * What an answer says about when to go on. A service's own reading goes before Retry-After of 429 and 503, which stops all
 * requests.
 */
export function pauseOf(service: Service, response: UpstreamResponse): Pause | undefined {
  const own = service.pause?.(response)
  if (own) return own
  const { status, headers } = response
  if (status !== 429 && status !== 503) return undefined
  const until = retryAfter(headers['retry-after'], new Date())
  return until && { limit: 'requests', until, reason: reasonOf(service, status) }
}

/** A pause for a server that has been asked too often and does not say when to go on. */
export function pauseFor(service: Service, milliseconds: number): Pause {
  return { limit: 'requests', until: new Date(Date.now() + milliseconds), reason: reasonOf(service, 429) }
}

function reasonOf({ title }: Service, status: 429 | 503): string {
  return status === 429
    ? `${title} says that it has been asked too often.`
    : `${title} cannot answer for now.`
}
