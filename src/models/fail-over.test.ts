import { expect, test, vi } from 'vitest'
import { useGateway } from '../../test/support/gateway-bench.ts'
import { costOf } from '../store/model-costs.ts'

const bench = useGateway()
const { gateway, question, openai, anthropic, google } = bench
const cost = async () => (await costOf(bench.sql, 's1')).total

test('tries a fault once more, then asks the next provider in the same call', async () => {
  bench.replies.first = (_call, count) => (count === 1 ? { breaks: true } : { json: { said: 'one' } })
  expect(await gateway().ask(question())).toMatchObject({ model: 'openai/m' })
  bench.replies.first = () => ({ status: 500, body: { error: { message: 'oh' } } })
  expect(await gateway().ask(question({ input: 'b' }))).toMatchObject({ model: 'anthropic/n' })
  expect(bench.first.calls).toHaveLength(4)
})

test('passes over a provider that fails, tries it with one call, and takes it back', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    bench.replies.first = () => ({ status: 503, body: { error: { message: 'oh' } } })
    const one = gateway()
    const ask = (input: string) => one.ask(question({ input }))
    const during = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(`during ${index}`)))
    expect(new Set(during.map(({ model }) => model))).toEqual(new Set(['anthropic/n']))
    const asked = bench.first.calls.length
    expect(asked).toBeGreaterThanOrEqual(20)
    await ask('after')
    expect(bench.first.calls).toHaveLength(asked)

    vi.setSystemTime(Date.now() + 11_000)
    bench.replies.first = () => ({ json: { said: 'one' } })
    expect(await ask('trial')).toMatchObject({ model: 'openai/m' })
    expect(await ask('well')).toMatchObject({ model: 'openai/m' })
  } finally {
    vi.useRealTimers()
  }
})

test('leaves a provider whose quota is gone, in all processes', async () => {
  bench.replies.first = () => ({
    status: 429,
    body: { error: { message: 'Pay.', code: 'insufficient_quota' } },
  })
  expect(await gateway().ask(question())).toMatchObject({ model: 'anthropic/n' })
  expect(await gateway().ask(question({ input: 'b' }))).toMatchObject({ model: 'anthropic/n' })
  expect(bench.first.calls).toHaveLength(1)
  await expect(gateway({ providers: [openai()] }).ask(question({ input: 'c' }))).rejects.toMatchObject({
    code: 'waiting',
    message: expect.stringContaining('quota is used up'),
  })
})

test('waits and says until when while no provider works', async () => {
  bench.replies.first = () => ({ breaks: true })
  await bench.first.close()
  await expect(gateway({ providers: [openai()] }).ask(question())).rejects.toMatchObject({
    code: 'waiting',
    waitsFor: 'OpenAI (m)',
    until: expect.any(Date),
  })
  expect(await cost()).toMatchObject({ calls: 2, failed: 2, tokens: 0, cost: 0 })
})

test.each([
  [
    'OpenAI',
    'first',
    openai,
    { 'retry-after-ms': '30' },
    { error: { message: 'Slow.', code: 'rate_limit_exceeded' } },
  ],
  [
    'Anthropic',
    'second',
    anthropic,
    { 'retry-after': '0.03' },
    { type: 'error', error: { type: 'rate_limit_error', message: 'Slow.' } },
  ],
  [
    'Google',
    'second',
    google,
    {},
    {
      error: {
        code: 429,
        message: 'Slow.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '0.03s' }],
      },
    },
  ],
] as const)('asks %s again when it has said to wait', async (_name, which, config, headers, body) => {
  bench.replies[which] = (_call, count) =>
    count < 3 ? { status: 429, headers, body } : { json: { said: 'late' } }
  const answered = await gateway({ providers: [config()] }).ask(question())
  expect(answered.value.said).toBe('late')
  expect(await cost()).toMatchObject({ calls: 3, failed: 2, tokens: 15 })
})

test('tells a model what was wrong with its answer, then asks the next, then says that none can be used', async () => {
  bench.replies.first = () => ({ json: { said: 5 } })
  expect(await gateway().ask(question())).toMatchObject({ model: 'anthropic/n' })
  expect(bench.first.calls.map(({ messages }) => messages.length)).toEqual([1, 2])
  expect(bench.first.calls[1]!.messages[1]).toMatch(/expected string/)
  bench.replies.second = () => ({ refusal: 'No.' })
  await expect(gateway().ask(question({ input: 'b' }))).rejects.toMatchObject({
    code: 'upstream_failed',
    retryable: false,
  })
  expect(await cost()).toMatchObject({ calls: 7, failed: 6, tokens: 7 * 15 })
})

test('takes wrong settings for what they are, unless another provider works', async () => {
  bench.replies.first = () => ({ status: 401, body: { error: { message: 'Incorrect API key provided.' } } })
  expect(await gateway().ask(question())).toMatchObject({ model: 'anthropic/n' })
  const alone = gateway({ providers: [openai()] })
  for (const input of ['b', 'c'])
    await expect(alone.ask(question({ input }))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('Incorrect API key'),
    })
  expect(bench.first.calls).toHaveLength(2)
})
