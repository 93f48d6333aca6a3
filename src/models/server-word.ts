import { z } from 'zod'
import { retryAfter } from '../upstream/retry-after.ts'
import type { Limit } from '../upstream/upstream.ts'
import type { ErrorBody } from './failures.ts'

/** Where a server says nothing of when to go on, in milliseconds. */
const otherwise = 5000
const minute = 60_000
const day = 86_400_000

const retryInfoSchema = z.object({ '@type': z.string().includes('RetryInfo'), retryDelay: z.string() })

/**
 * When a provider that was asked too often may be asked again: `retry-after-ms`, `retry-after`, Gemini's RetryInfo,
 * OpenAI's sentence, and else the resets of limits of which nothing remains.
 */
export function retryAfterOf(
  headers: Readonly<Record<string, string>>,
  { message = '', details }: ErrorBody,
  now: Date,
): Date {
  const later = (milliseconds: number) => new Date(now.getTime() + Math.min(milliseconds, day))
  const precise = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (precise >= 0) return later(precise)
  const plain = retryAfter(headers['retry-after'], now)
  if (plain) return plain
  for (const detail of details ?? []) {
    const info = retryInfoSchema.safeParse(detail)
    const delay = info.success ? durationOf(info.data.retryDelay) : undefined
    if (delay !== undefined) return later(delay)
  }
  const said = durationOf(/try again in ((?:[\d.]+(?:ms|[dhms]))+)/i.exec(message)?.[1] ?? '')
  if (said !== undefined) return later(said)
  const resets = Object.entries(headers)
    .filter(([name, remaining]) => /ratelimit-.*remaining/.test(name) && Number(remaining) === 0)
    .map(([name]) => resetOf(headers[name.replace('remaining', 'reset')] ?? '', now))
    .filter((reset) => reset !== undefined)
  return later(resets.length > 0 ? Math.max(...resets) : otherwise)
}

/** OpenAI's resets are durations, Anthropic's are times (RFC 3339). */
function resetOf(value: string, now: Date): number | undefined {
  const duration = durationOf(value)
  if (duration !== undefined) return duration
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : Math.max(0, time - now.getTime())
}

const lengths: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: minute, h: 3_600_000, d: day }

/** Milliseconds of `6m0s`, `34.4s`, `120ms`; undefined for anything else. */
function durationOf(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return undefined
  const parts = text.matchAll(/([\d.]+)(ms|[dhms])/g)
  return [...parts].reduce((sum, [, number, unit]) => sum + Number(number) * lengths[unit!]!, 0)
}

const headerNames: Readonly<Record<string, readonly string[]>> = {
  requests: ['x-ratelimit-limit-requests', 'anthropic-ratelimit-requests-limit'],
  tokens: ['x-ratelimit-limit-tokens', 'anthropic-ratelimit-tokens-limit'],
  'input tokens': ['anthropic-ratelimit-input-tokens-limit'],
  'output tokens': ['anthropic-ratelimit-output-tokens-limit'],
}

/** The limits per minute that a server's answer names. */
export function limitsIn(headers: Readonly<Record<string, string>>): Limit[] {
  return Object.entries(headerNames).flatMap(([name, names]) => {
    const max = Number(names.map((header) => headers[header]).find((value) => value !== undefined))
    return Number.isFinite(max) && max > 0 ? [{ name, max, window: minute }] : []
  })
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/Los_Angeles',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
  hourCycle: 'h23',
})

/** The next midnight in California, where Gemini's days end; an hour off on the two days when clocks change. */
export function untilMidnightPacific(now: Date): Date {
  const [hours = 0, minutes = 0, seconds = 0] = clock.format(now).split(':').map(Number)
  return new Date(now.getTime() + day - ((hours * 60 + minutes) * 60 + seconds) * 1000)
}
