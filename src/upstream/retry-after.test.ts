import { expect, test } from 'vitest'
import { testService } from '../../test/support/upstream.ts'
import { pauseOf, retryAfter } from './retry-after.ts'

const now = new Date('2026-11-25T12:00:00Z')

test.each([
  ['0', '2026-11-25T12:00:00.000Z'],
  ['120', '2026-11-25T12:02:00.000Z'],
  [' 1.5 ', '2026-11-25T12:00:01.500Z'],
  ['57539', '2026-11-26T03:58:59.000Z'],
  ['99999999999999999999', '2026-11-26T12:00:00.000Z'],
  ['Wed, 25 Nov 2026 12:10:00 GMT', '2026-11-25T12:10:00.000Z'],
  ['Wednesday, 25-Nov-26 12:10:00 GMT', '2026-11-25T12:10:00.000Z'],
  ['Wed, 25 Nov 2020 12:10:00 GMT', '2026-11-25T12:00:00.000Z'],
])('Retry-After: %s is until %s', (value, until) => {
  expect(retryAfter(value, now)?.toISOString()).toBe(until)
})

test.each([undefined, '', 'soon', '-5', '5 minutes', 'Infinity', '1e9', '0x10'])(
  'Retry-After: %s says nothing',
  (value) => {
    expect(retryAfter(value, now)).toBeUndefined()
  },
)

test('a service’s own reading goes before Retry-After', () => {
  const response = {
    status: 429,
    headers: { 'retry-after': '5' },
    body: new Uint8Array(),
    url: '',
    cached: false,
  }
  const own = { limit: 'credits', until: now, reason: 'Used up.' }
  expect(pauseOf(testService({ pause: () => own }), response)).toBe(own)
  expect(pauseOf(testService({ pause: () => undefined }), response)).toMatchObject({ limit: 'requests' })
  expect(pauseOf(testService(), { ...response, status: 200 })).toBeUndefined()
  expect(pauseOf(testService(), { ...response, status: 503, headers: {} })).toBeUndefined()
})
