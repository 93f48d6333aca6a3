import { APICallError } from 'ai'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { understand } from './failures.ts'
import { limitsIn, untilMidnightPacific } from './server-word.ts'

const now = new Date('2026-11-25T12:00:00Z')

function failure(statusCode: number | undefined, body: unknown, headers: Record<string, string> = {}) {
  const error = new APICallError({
    message: 'status text',
    url: 'http://x',
    requestBodyValues: {},
    ...(statusCode !== undefined && { statusCode }),
    responseHeaders: headers,
    responseBody: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const { kind, until, usage } = understand(error, now)
  return { kind, usage, wait: until && (until.getTime() - now.getTime()) / 1000 }
}

const openAi = (code: string, message = 'x') => ({ error: { message, type: 'tokens', param: null, code } })
const gemini = (quotaId: string, retryDelay: string) => ({
  error: {
    code: 429,
    message: 'You exceeded your current quota.',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId, quotaValue: '10' }] },
      { '@type': 'type.googleapis.com/google.rpc.Help', links: [] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
    ],
  },
})
const anthropic = (type: string, message = 'x') => ({ type: 'error', error: { type, message } })

test.each([
  [
    'OpenAI’s retry-after-ms',
    openAi('rate_limit_exceeded'),
    { 'retry-after-ms': '250', 'retry-after': '1' },
    0.25,
  ],
  ['retry-after', anthropic('rate_limit_error'), { 'retry-after': '7' }, 7],
  [
    'OpenAI’s sentence',
    openAi(
      'rate_limit_exceeded',
      'Limit 30000, Used 28000, Requested 9000. Please try again in 1m11.054s. Visit',
    ),
    {},
    71.054,
  ],
  ['Gemini’s RetryInfo', gemini('GenerateRequestsPerMinutePerProject', '34.4s'), {}, 34.4],
  [
    'the reset of the limit that is used up',
    openAi('rate_limit_exceeded'),
    {
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-reset-requests': '8m',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '6m0s',
    },
    360,
  ],
  [
    'Anthropic’s time',
    anthropic('rate_limit_error'),
    {
      'anthropic-ratelimit-tokens-remaining': '0',
      'anthropic-ratelimit-tokens-reset': '2026-11-25T12:00:20Z',
    },
    20,
  ],
  ['nothing', 'Too many requests', {}, 5],
])('waits for %s', (_name, body, headers, wait) => {
  expect(failure(429, body, headers as Record<string, string>)).toEqual({
    kind: 'rate_limited',
    usage: 'nothing',
    wait,
  })
})

test.each([
  ['OpenAI’s quota', 429, openAi('insufficient_quota'), { 'retry-after': '1' }],
  // The client turns an error within an answer of status 200 into 400.
  [
    'OpenAI’s quota in the midst of an answer',
    400,
    { id: 'r', error: openAi('insufficient_quota').error },
    {},
  ],
  [
    'Anthropic’s credit',
    400,
    anthropic('invalid_request_error', 'Your credit balance is too low to access'),
    {},
  ],
  ['an unpaid bill', 402, anthropic('billing_error'), {}],
])('takes %s for gone, whatever time is named', (_name, status, body, headers) => {
  expect(failure(status, body, headers as Record<string, string>)).toMatchObject({
    kind: 'quota_gone',
    wait: 3600,
  })
})

test('waits for the day’s end in California when Gemini’s quota of the day is gone, not for its short delay', () => {
  const { kind, wait } = failure(429, gemini('GenerateRequestsPerDayPerProjectPerModel-FreeTier', '2s'))
  expect({ kind, wait }).toEqual({ kind: 'quota_gone', wait: 20 * 3600 })
})

test.each([
  [500, openAi('server_error'), 'passing'],
  [400, openAi('server_error'), 'passing'],
  [529, anthropic('overloaded_error'), 'passing'],
  [503, '<html>bad gateway', 'passing'],
  [408, '', 'passing'],
  [undefined, '', 'passing'],
  [401, openAi('invalid_api_key'), 'misconfigured'],
  [403, anthropic('permission_error'), 'misconfigured'],
  [404, openAi('model_not_found'), 'misconfigured'],
  [400, openAi('context_length_exceeded'), 'rejected'],
  [413, anthropic('request_too_large'), 'rejected'],
])('understands status %s with %j as %s', (status, body, kind) => {
  expect(failure(status, body)).toMatchObject({ kind })
})

test('understands any body and headers that a server may send', () => {
  const headers = fc.dictionary(
    fc.constantFrom(
      'retry-after',
      'retry-after-ms',
      'x-ratelimit-remaining-tokens',
      'x-ratelimit-reset-tokens',
    ),
    fc.oneof(fc.string(), fc.integer().map(String)),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(400, 429, 500),
      fc.oneof(fc.json(), fc.string()),
      headers,
      (status, body, given) => {
        const { kind, wait } = failure(status, body, given)
        if (kind === 'rate_limited')
          expect(wait).toSatisfy((seconds: number) => seconds >= 0 && seconds <= 86_400)
        expect(() => limitsIn(given)).not.toThrow()
      },
    ),
  )
})

test('reads the limits that answers name', () => {
  expect(limitsIn({ 'x-ratelimit-limit-requests': '500', 'x-ratelimit-limit-tokens': '30000' })).toEqual([
    { name: 'requests', max: 500, window: 60_000 },
    { name: 'tokens', max: 30_000, window: 60_000 },
  ])
  expect(
    limitsIn({
      'anthropic-ratelimit-input-tokens-limit': '30000',
      'anthropic-ratelimit-output-tokens-limit': '8000',
    }),
  ).toMatchObject([{ name: 'input tokens' }, { name: 'output tokens' }])
  expect(limitsIn({ 'x-ratelimit-limit-tokens': 'many' })).toEqual([])
})

test('knows midnight in California in winter and in summer', () => {
  expect(untilMidnightPacific(new Date('2026-01-10T07:59:00Z'))).toEqual(new Date('2026-01-10T08:00:00Z'))
  expect(untilMidnightPacific(new Date('2026-07-10T07:00:00Z'))).toEqual(new Date('2026-07-11T07:00:00Z'))
})
