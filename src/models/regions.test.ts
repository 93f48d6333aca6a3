import { expect, test } from 'vitest'
import { useGateway } from '../../test/support/gateway-bench.ts'
import { ElsewhereError } from '../errors.ts'
import { onJourney } from '../regions/journey.ts'
import { regionOf } from '../regions/regions.ts'

const bindings = { 'openai/m': 'eu', 'anthropic/n': 'us' }
const bench = useGateway()

/** Asks as a job does that is in a region, of which all are at work; says where it has to go on, or what it was told. */
async function ask(here: string, passed: ElsewhereError['passed'] = {}) {
  const gateway = bench.gateway({
    regions: {
      placeOf(asked) {
        const region = regionOf(bindings, asked)
        return region === undefined ? undefined : { region, isHere: region === here }
      },
    },
  })
  try {
    const { value } = await onJourney({ job: 'j', queue: 'analysis', passed }, () =>
      gateway.ask(bench.question()),
    )
    return value.said
  } catch (thrown) {
    if (ElsewhereError.isInstance(thrown)) return thrown
    throw thrown
  }
}

test('a model is asked in its region, and its answer is known everywhere', async () => {
  expect(await ask('us')).toMatchObject({ region: 'eu', passed: {} })
  expect(bench.first.calls).toHaveLength(0)
  expect(await ask('eu')).toBe('one')
  expect(await ask('us')).toBe('one')
  expect(bench.first.calls).toHaveLength(1)
  expect(bench.second.calls).toHaveLength(0)
})

test('one that fails there is followed by the next in its own, and not gone back to', async () => {
  bench.replies.first = () => ({ status: 401, body: { error: { message: 'Bad key.' } } })
  const sent = await ask('eu')
  expect(sent).toMatchObject({ region: 'us', passed: { 'openai/m': { kind: 'misconfigured' } } })
  expect(await ask('us', (sent as ElsewhereError).passed)).toBe('two')
  expect(bench.first.calls).toHaveLength(1)
})

test('it is gone back to when that has been long ago', async () => {
  expect(await ask('us', { 'openai/m': { until: Date.now() - 1, kind: 'passing' } })).toMatchObject({
    region: 'eu',
  })
})

test('where none gives an answer, it is said as if all had been asked in one place', async () => {
  bench.replies.first = () => ({ status: 401, body: { error: { message: 'Bad key.' } } })
  bench.replies.second = () => ({ status: 401, body: { error: { message: 'Bad key too.' } } })
  const { passed } = (await ask('eu')) as ElsewhereError
  await expect(ask('us', passed)).rejects.toMatchObject({ code: 'invalid_input' })
})
