import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Circuit, createCircuit } from './circuits.ts'
import { CallFailure, type FailureKind } from './failures.ts'

let circuit: Circuit
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  circuit = createCircuit()
})
afterEach(() => vi.useRealTimers())

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
const succeed = () => circuit.run(async () => 'answer')
const fail = (kind: FailureKind = 'passing', until?: Date) =>
  expect(circuit.run(() => Promise.reject(new CallFailure(kind, 'no', { until })))).rejects.toThrow('no')
async function calls(succeeding: number, failing: number) {
  for (let count = 0; count < succeeding; count += 1) await succeed()
  for (let count = 0; count < failing; count += 1) await fail()
}

test('opens when more than 5 % of at least 20 calls of the last minute failed', async () => {
  await calls(18, 1)
  expect(circuit.standing).toBe('well')
  await calls(1, 0)
  expect(circuit.standing).toBe('well')
  await calls(0, 1)
  expect(circuit.standing).toBe('poor')
})

test('does not open for few calls, or for failures that are a minute old', async () => {
  await calls(0, 19)
  expect(circuit.standing).toBe('well')
  later(61)
  await calls(30, 1)
  expect(circuit.standing).toBe('well')
})

test('is down when most calls fail', async () => {
  await calls(0, 20)
  expect(circuit.standing).toBe('down')
})

test('becomes down when most calls of a poor provider fail', async () => {
  await calls(30, 2)
  expect(circuit.standing).toBe('poor')
  await calls(0, 31)
  expect(circuit.standing).toBe('down')
})

test('is tried by one call when its time has come, and taken back when that succeeds', async () => {
  await calls(0, 20)
  later(11)
  expect(circuit.standing).toBe('well')
  const trial = Promise.withResolvers<string>()
  const tried = circuit.run(() => trial.promise)
  expect(circuit.standing).toBe('down')
  trial.resolve('answer')
  await tried
  expect(circuit.standing).toBe('well')
  await calls(0, 1)
  expect(circuit.standing).toBe('well')
})

test('waits twice as long after each trial that fails', async () => {
  await calls(0, 20)
  const waits: number[] = []
  for (let trial = 0; trial < 7; trial += 1) {
    const wait = circuit.until.getTime() - Date.now()
    waits.push(wait / 1000)
    later(wait / 1000 + 1)
    await fail()
  }
  expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300])
})

test.each(['quota_gone', 'misconfigured'] as const)('is down at once for %s', async (kind) => {
  const until = new Date(Date.now() + 3_600_000)
  await calls(50, 0)
  await fail(kind, until)
  expect(circuit.standing).toBe('down')
  if (kind === 'quota_gone') expect(circuit.until).toEqual(until)
})

test.each(['rate_limited', 'rejected', 'refused', 'unusable', 'aborted'] as const)(
  'is not moved by %s, which says nothing of the provider’s health',
  async (kind) => {
    for (let count = 0; count < 40; count += 1) await fail(kind)
    expect(circuit.standing).toBe('well')
  },
)
