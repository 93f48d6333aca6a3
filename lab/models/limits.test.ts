import { afterEach, describe, expect, test } from 'vitest'
import { noFaults } from './faults.ts'
import { drawLatency, noLatency } from './latency.ts'
import { createBucket, createWindow } from './limits.ts'
import { type ModelLab, type ModelLabOptions, startModelLab } from './model-lab.ts'

describe('createWindow', () => {
  test('lets pass what fits into the last minute, and says when the next does', () => {
    const meter = createWindow(100)
    meter.take(60, 0)
    meter.take(30, 10_000)
    expect(meter.wait(10, 20_000)).toBe(0)
    expect(meter.wait(11, 20_000)).toBe(40_000)
    expect(meter.wait(71, 20_000)).toBe(50_000)
    expect(meter.wait(101, 20_000)).toBe(Number.POSITIVE_INFINITY)
    expect(meter.state(20_000)).toEqual({ limit: 100, remaining: 10, resetAfter: 50_000 })
    expect(meter.wait(70, 60_000)).toBe(0)
    expect(meter.peak).toBe(0.9)
  })
})

describe('createBucket', () => {
  test('fills evenly, from full, and never beyond', () => {
    const meter = createBucket(60)
    expect(meter.wait(60, 0)).toBe(0)
    meter.take(60, 0)
    expect(meter.wait(1, 0)).toBe(1_000)
    expect(meter.wait(10, 5_000)).toBe(5_000)
    expect(meter.wait(60, 600_000)).toBe(0)
    expect(meter.state(600_000)).toEqual({ limit: 60, remaining: 60, resetAfter: 0 })
  })
})

describe('drawLatency', () => {
  test('draws around its medians, the same for the same keys', () => {
    const latency = { firstToken: 600, perToken: 8, spread: 0.35 }
    const draws = Array.from({ length: 999 }, (_, key) => drawLatency(latency, key).firstToken)
    expect(draws.toSorted((one, other) => one - other)[499]).toBeCloseTo(600, -2)
    expect(new Set(draws).size).toBe(999)
    expect(drawLatency(latency, 5)).toEqual(drawLatency(latency, 5))
    expect(drawLatency(noLatency, 5)).toEqual({ firstToken: 0, perToken: 0 })
  })
})

describe('limits of the servers', () => {
  let lab: ModelLab
  afterEach(() => lab.close())
  const bodies = {
    openai: ['/responses', { model: 'm', input: [{ role: 'user', content: 'Hello.' }] }],
    google: ['/models/m:generateContent', { contents: [{ parts: [{ text: 'Hello.' }] }] }],
    anthropic: ['/messages', { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hello.' }] }],
    compatible: ['/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'Hello.' }] }],
  } as const
  const ask = (provider: keyof typeof bodies) => {
    const [path, body] = bodies[provider]
    return fetch(`${lab.baseUrls[provider]}${path}`, { method: 'POST', body: JSON.stringify(body) })
  }
  const violations = () => lab.violations().map(({ service, kind }) => [service, kind])
  const start = async (options: ModelLabOptions) => {
    lab = await startModelLab(options)
  }

  test('are each provider’s own, and passing one is counted', async () => {
    await start({ requestsPerMinute: 1 })
    for (const provider of ['openai', 'google', 'anthropic', 'compatible'] as const) {
      expect((await ask(provider)).status).toBe(200)
      expect((await ask(provider)).status).toBe(429)
    }
    expect(violations()).toEqual(
      ['openai', 'google', 'anthropic', 'compatible'].map((provider) => [provider, 'too_many_requests']),
    )
    expect(lab.calls().byOutcome).toMatchObject({ 'openai answered': 1, 'openai rate_limit': 1 })
  })

  test('count the tokens of answers, too', async () => {
    await start({ tokensPerMinute: 5 })
    expect((await ask('openai')).status).toBe(200)
    const refused = await ask('openai')
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ error: { type: 'tokens', code: 'rate_limit_exceeded' } })
    expect(lab.tokenPeaks().openai).toBeGreaterThan(1)
    expect(violations()).toEqual([['openai', 'too_many_tokens']])
  })

  test('stand in headers, or in the body, as each provider writes them', async () => {
    await start({ requestsPerMinute: 1 })
    const [openai, anthropic, google] = [await ask('openai'), await ask('anthropic'), await ask('google')]
    expect(Object.fromEntries(openai.headers)).toMatchObject({
      'x-ratelimit-limit-requests': '1',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': expect.stringMatching(/^(?:1m|\d)[\d.]*m?s$/),
    })
    expect(anthropic.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0')
    expect(anthropic.headers.get('anthropic-ratelimit-tokens-reset')).toMatch(/^\d{4}-\d\d-\d\dT/)
    expect([...google.headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([])
    expect(Number((await ask('openai')).headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number((await ask('anthropic')).headers.get('retry-after'))).toBeGreaterThan(0)
    const body = (await (await ask('google')).json()) as { error: { details: { retryDelay?: string }[] } }
    expect(body.error.details.at(-1)?.retryDelay).toMatch(/^\d+\.\d{3}s$/)
  })

  test('a provider that says wait is obeyed by those who are not counted', async () => {
    let now = 0
    await start({ faults: { rateLimited: 1 }, now: () => now })
    const refused = await ask('openai')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    lab.setFaults(noFaults)
    now = 100
    expect((await ask('openai')).status).toBe(429)
    expect(violations()).toEqual([])
    now = 300
    expect((await ask('openai')).status).toBe(429)
    expect(violations()).toEqual([['openai', 'too_early']])
    now = 1_000
    expect((await ask('openai')).status).toBe(200)
    expect(violations()).toHaveLength(1)
  })

  test('who does not wait for an answer has not been given one', async () => {
    await start({ latency: { firstToken: 600_000, perToken: 0, spread: 0 }, faults: { wrong: 0 } })
    const [path, body] = bodies.openai
    const impatience = new AbortController()
    const asked = fetch(`${lab.baseUrls.openai}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: impatience.signal,
    })
    await expect.poll(() => lab.calls().byTask).toEqual({ 'openai other': 1 })
    impatience.abort()
    await expect(asked).rejects.toThrow()
    await expect.poll(() => lab.calls().byOutcome).toEqual({ 'openai abandoned': 1 })
    lab.setLatency({ firstToken: 0, perToken: 0, spread: 0 })
    expect((await ask('openai')).status).toBe(200)
    expect(lab.calls().paidTwice).toBe(0)
  })

  test('faults of one provider are no other’s, and the same words are paid for once', async () => {
    await start({ faults: { wrong: 0 } })
    lab.setFaults({ serverError: 1 }, 'openai')
    expect((await ask('openai')).status).toBe(500)
    expect((await ask('anthropic')).status).toBe(200)
    expect(lab.calls().paidTwice).toBe(0)
    lab.setFaults({ serverError: 0 })
    expect((await ask('openai')).status).toBe(200)
    expect(lab.calls().paidTwice).toBe(1)
  })
  test('are read and changed over HTTP', async () => {
    await start({ faults: { wrong: 0 } })
    const control = (path: string, body?: unknown) =>
      fetch(
        `${lab.origin}/lab${path}`,
        body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
      )
    expect((await control('/faults', { quotaGone: true, provider: 'openai' })).status).toBe(200)
    expect((await ask('openai')).status).toBe(429)
    expect((await ask('google')).status).toBe(200)
    for (const wrong of [{ down: 1 }, { wrong: 2 }, { other: true }, 'x'])
      expect((await control('/faults', wrong)).status).toBe(400)
    expect(await (await control('/calls')).json()).toEqual(lab.calls())
    expect(await (await control('/violations')).json()).toEqual(lab.violations())
  })
})
