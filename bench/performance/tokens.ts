import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Figure } from './figure.ts'
import { openStage, providersOf, realisticModel } from './stage.ts'
import type { ScreeningTask } from './tokens.process.ts'

const tokensPerMinute = 200_000
/** Small calls, as many as take the limit for more than two minutes. */
const questions = 520
/** Questions that are under way or wait at any time, until none is left: about a third of what a minute allows. */
const atOnce = 64
/** The first calls fill the first minute's share. */
const warmUp = 10_000
const sampleEvery = 100

/**
 * How much of a limit of tokens is used while calls wait for it, as the server counts it: the mean of what the last
 * minute used, in steps of 100 ms, from ten seconds after the first call until the first process has none left that waits.
 */
export async function tokens(): Promise<Figure[]> {
  return [...(await measure(1)), ...(await measure(2))]
}

async function measure(processes: number): Promise<Figure[]> {
  const name = (words: string) => `${processes === 1 ? 'one process' : `${processes} processes`}: ${words}`
  const stage = await openStage('postgres', { tokensPerMinute, latency: realisticModel })
  if (stage?.data.config.kind !== 'postgres') return []
  const { models, data } = stage
  const providers = providersOf(models, tokensPerMinute).slice(0, 1)
  const shares: number[] = []
  let isOver = false
  const begun = performance.now()
  const children = Array.from({ length: processes }, (_, place) => {
    const child = fork(join(import.meta.dirname, 'tokens.process.ts'), { execArgv: [] })
    const count = questions / processes
    const task: ScreeningTask = {
      databaseUrl: data.config.kind === 'postgres' ? data.config.url : '',
      providers,
      first: place * count,
      count,
      atOnce: atOnce / processes,
    }
    child.send(task)
    child.on('message', () => {
      isOver = true
    })
    return child
  })
  const sampling = setInterval(() => {
    if (models.calls().tokens.input > 0 && !isOver && performance.now() - begun > warmUp)
      shares.push(models.tokenShares().openai)
  }, sampleEvery)
  const ends = await Promise.all(children.map((child) => once(child, 'exit')))
  const seconds = (performance.now() - begun) / 1000
  clearInterval(sampling)
  const { byOutcome, tokens: used } = models.calls()
  const violations = models.violations().length
  const peak = models.tokenPeaks().openai
  await stage.close()
  if (ends.some(([code]) => code !== 0)) throw new Error('A process that asks has failed.')
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  return [
    { name: name('calls answered'), value: byOutcome['openai answered'] ?? 0, unit: 'calls' },
    { name: name('tokens'), value: used.input + used.output, unit: 'tokens' },
    { name: name('time in all'), value: seconds, unit: 's' },
    { name: name('time in which calls waited, as sampled'), value: shares.length / 10, unit: 's' },
    { name: name('share of the limit used, mean'), value: mean * 100, unit: '%', atLeast: 95 },
    { name: name('share of the limit used, highest'), value: peak * 100, unit: '%', atMost: 100 },
    {
      name: name('refused for a limit'),
      value: byOutcome['openai rate_limit'] ?? 0,
      unit: 'calls',
      atMost: 0,
    },
    { name: name('violations'), value: violations, unit: '', atMost: 0 },
  ]
}
