import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure } from '../performance/figure.ts'
import type { Bar, Point } from './chart.ts'
import { busyTime, openStage, phaseSeconds, rowsOf, type Stage } from './stage.ts'

/** What a scenario is told. */
export interface CapacityOptions {
  /** Reviews in flight, papers of each, and worker processes, where a scenario does not draw a curve over them. */
  readonly reviews: number
  readonly papers: number
  readonly workers: number
  /** PDFs that are read; default: the bundled ones. */
  readonly folder?: string | undefined
}

/** What a scenario measured: figures for the table, and points for a chart. */
export interface Measured {
  readonly figures: Figure[]
  readonly points?: Point[]
  /** Shares of a whole, in percent, for a chart of bars. */
  readonly shares?: { readonly title: string; readonly bars: Bar[] }
}

export type CapacityScenario = (options: CapacityOptions) => Promise<Measured>

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** Seconds in which at least one of these spans was going on. */
function union(spans: readonly (readonly [number, number])[]): number {
  let total = 0
  let until = -Infinity
  for (const [from, to] of spans.toSorted(([one], [other]) => one - other)) {
    total += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return total
}

/** What a review asked of the model. */
interface Used {
  readonly calls: number
  readonly input: number
  readonly output: number
}

/** One review of 20 papers, alone: what of its time somebody else was waited for. */
export const oneReview: CapacityScenario = async ({ papers }) => {
  await using stage = await openStage('cluster')
  await stage.start(1)
  const ratios: number[] = []
  const totals: number[] = []
  const uses: Used[] = []
  for (let time = 0; time < 3; time += 1) {
    const [id] = await stage.begin(1, papers)
    await stage.ended([id!])
    const phases = await phaseSeconds(stage.sheaf, id!)
    const calls = await rowsOf<{ from: number; to: number }>(
      stage.databaseUrl!,
      `select extract(epoch from started_at)::float8 as from, extract(epoch from finished_at)::float8 as to
       from sheaf.model_calls where session = $1 and finished_at is not null and outcome <> 'kept'`,
      [id],
    )
    const phasesOf = await rowsOf<{ phase: string; type: string; at: number }>(
      stage.databaseUrl!,
      `select body->>'phase' as phase, body->>'type' as type, extract(epoch from at)::float8 as at from sheaf.events
       where session = $1 and body->>'phase' in ('collect', 'read') and body->>'type' in ('phase.started', 'phase.finished')`,
      [id],
    )
    const spans = ['collect', 'read'].map((phase) => {
      const times = phasesOf.filter((event) => event.phase === phase).map(({ at }) => at)
      return [Math.min(...times), Math.max(...times)] as const
    })
    const waited = union([...spans, ...calls.map(({ from, to }) => [from, to] as const)])
    const [used] = await rowsOf<Used>(
      stage.databaseUrl!,
      `select count(*)::int as calls, sum(input_tokens)::float8 as input, sum(output_tokens)::float8 as output
       from sheaf.model_calls where session = $1 and outcome <> 'kept'`,
      [id],
    )
    uses.push(used!)
    totals.push(phases.get('total')!)
    ratios.push(phases.get('total')! / waited)
  }
  return {
    figures: [
      {
        name: `a review of ${papers} papers, end to end, median of three`,
        value: percentile(totals, 0.5),
        unit: 's',
        atMost: 60,
      },
      {
        name: 'times the time in which a service, a host or a model was waited for, median',
        value: percentile(ratios, 0.5),
        unit: '',
        atMost: 1.15,
      },
      ...(['calls', 'input', 'output'] as const).map((what) => ({
        name: what === 'calls' ? 'calls of the model, median' : `tokens of ${what}, median`,
        value: percentile(
          uses.map((used) => used[what]),
          0.5,
        ),
        unit: '',
      })),
    ],
  }
}

/** Asks the API for the list and for one review, every 100 ms, and notes how long it takes, in milliseconds. */
function watchApi({ sheaf }: Stage, ids: readonly string[], signal: AbortSignal): Promise<number[]> {
  const times: number[] = []
  const look = async () => {
    for (let count = 0; !signal.aborted; count += 1) {
      const begun = performance.now()
      await sheaf.request(count % 2 === 0 ? '/sessions?limit=50' : `/sessions/${ids[count % ids.length]}`)
      times.push(performance.now() - begun)
      await sleep(100)
    }
    return times
  }
  return look()
}

async function manyAtOnce(stage: Stage, { reviews, papers }: CapacityOptions): Promise<Figure[]> {
  const begun = performance.now()
  const before = { busy: busyTime(), own: stage.processorTime() }
  const ids = await stage.begin(reviews, papers)
  const accepted = (performance.now() - begun) / 1_000
  const over = new AbortController()
  const watched = watchApi(stage, ids, over.signal)
  const memory: { at: number; sum: number; most: number }[] = []
  const outcomes = await stage.ended(ids, async () => {
    const now = stage.memory()
    memory.push({
      at: performance.now(),
      sum: now.reduce((sum, one) => sum + one, 0),
      most: Math.max(...now),
    })
  })
  const seconds = (performance.now() - begun) / 1_000
  over.abort()
  const cores = seconds * availableParallelism()
  const busy = ((busyTime() - before.busy) / cores) * 100
  const own = ((stage.processorTime() - before.own) / cores) * 100
  const times = await watched
  const paidTwice = await stage.lab.paidTwice()
  for (const { task, after } of paidTwice) console.log(`paid twice: “${task}”, again after ${after} ms`)
  const half = memory.slice(Math.floor(memory.length / 2))
  const quarter = memory.slice(Math.floor(memory.length / 4), Math.floor(memory.length / 2))
  const mean = (samples: typeof memory) =>
    samples.reduce((sum, one) => sum + one.sum, 0) / Math.max(1, samples.length)
  return [
    { name: 'reviews accepted', value: ids.length, unit: '' },
    { name: 'time to accept them all', value: accepted, unit: 's' },
    { name: 'finished', value: outcomes.finished ?? 0, unit: '', atLeast: reviews },
    { name: 'failed or lost', value: reviews - (outcomes.finished ?? 0), unit: '', atMost: 0 },
    { name: 'time until the last has ended', value: seconds, unit: 's' },
    { name: 'reviews a minute', value: (reviews / seconds) * 60, unit: '' },
    { name: 'requests to the API, 95th percentile', value: percentile(times, 0.95), unit: 'ms', atMost: 100 },
    { name: 'requests to the API, median', value: percentile(times, 0.5), unit: 'ms' },
    { name: 'time of the cores in use, by all there is on the machine', value: busy, unit: '%' },
    { name: 'time of the cores in use by Sheaf', value: own, unit: '%' },
    { name: 'largest process', value: Math.max(...memory.map(({ most }) => most)), unit: 'MiB' },
    { name: 'memory of all processes, second quarter of the time', value: mean(quarter), unit: 'MiB' },
    { name: 'the same, second half', value: mean(half), unit: 'MiB' },
    { name: 'calls of models paid twice', value: paidTwice.length, unit: '', atMost: 0 },
    {
      name: 'offences counted by services and models',
      value: (await stage.lab.offences()).length,
      unit: '',
      atMost: 0,
    },
  ]
}

/** Many reviews at once in one process with the embedded database. */
export const laptop: CapacityScenario = async (options) => {
  await using stage = await openStage('laptop')
  await stage.start(0)
  return { figures: await manyAtOnce(stage, options) }
}

/** Many reviews at once on Postgres and Redis. */
export const cluster: CapacityScenario = async (options) => {
  await using stage = await openStage('cluster')
  await stage.start(options.workers)
  return { figures: await manyAtOnce(stage, options) }
}

/** How reviews a minute grow with worker processes and with reviews in flight; and what a review's time goes to. */
export const curve: CapacityScenario = async ({ papers }) => {
  const points: Point[] = []
  const rate = async (workers: number, reviews: number) => {
    await using stage = await openStage('cluster')
    await stage.start(workers)
    const begun = performance.now()
    const ids = await stage.begin(reviews, papers)
    await stage.ended(ids)
    const perMinute = (reviews / (performance.now() - begun)) * 60_000
    const phases = await Promise.all(ids.map((id) => phaseSeconds(stage.sheaf, id)))
    return { perMinute, phases }
  }
  for (const workers of [1, 2, 3, 4])
    points.push({
      series: '24 in flight, by worker processes',
      x: workers,
      y: (await rate(workers, 24)).perMinute,
    })
  const shares = new Map<string, number>()
  for (const reviews of [1, 4, 12, 24, 48]) {
    const { perMinute, phases } = await rate(2, reviews)
    points.push({ series: '2 workers, by reviews in flight', x: reviews, y: perMinute })
    if (reviews === 24)
      for (const one of phases)
        for (const [phase, seconds] of one) shares.set(phase, (shares.get(phase) ?? 0) + seconds)
  }
  const total = shares.get('total') ?? 1
  const bars = [...shares]
    .filter(([phase]) => phase !== 'total')
    .map(([name, seconds]) => ({ name, value: (seconds / total) * 100 }))
  return {
    points,
    shares: { title: 'Share of a review’s time in each phase, 24 in flight, 2 workers', bars },
    figures: [
      ...points.map(({ series, x, y }) => ({ name: `${series}: ${x}`, value: y, unit: 'a minute' })),
      ...bars.map(({ name, value }) => ({
        name: `share of a review’s time in “${name}”, 24 in flight`,
        value,
        unit: '%',
      })),
    ],
  }
}

/**
 * The model that Sheaf replaces: each request does its review itself, one piece of work after another, and the next begins when it is
 * done. It is here alone, as the measure for the others in the same run.
 */
export const sequential: CapacityScenario = async ({ reviews, papers }) => {
  const timed = async (concurrency: string[], together: boolean) => {
    await using stage = await openStage('cluster')
    await stage.start(1, ...concurrency)
    const begun = performance.now()
    if (together) await stage.ended(await stage.begin(reviews, papers))
    else for (let count = 0; count < reviews; count += 1) await stage.ended(await stage.begin(1, papers))
    return (reviews / (performance.now() - begun)) * 60_000
  }
  const before = await timed(['--concurrency', '1'], false)
  const after = await timed([], true)
  return {
    figures: [
      { name: 'one piece of work after another', value: before, unit: 'a minute' },
      { name: `the same ${reviews} reviews as jobs of one worker`, value: after, unit: 'a minute' },
      { name: 'times as fast', value: after / before, unit: '' },
    ],
  }
}
