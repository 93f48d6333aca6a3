import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { openApp } from '../../compose.ts'
import { loadConfig } from '../../config.ts'
import { isTooLarge, sayAlive, tellMetrics, usualMemory } from '../../workers/health.ts'
import { queuesNamed } from '../../workers/pools.ts'
import { untilEmpty } from '../../workers/until-empty.ts'
import type { WorkerOptions } from '../commands/worker.ts'
import { exitCodes } from '../exit-codes.ts'
import { remark } from '../terminal.ts'
import { endAnyway } from './end-anyway.ts'

/** Milliseconds that tasks under way may take when the worker stops; platforms end it by force after 10 to 30 s. */
const grace = 5_000
/** Milliseconds between looks at the memory in use. */
const weighsEvery = 5_000

/** `sheaf worker`: takes jobs until it is told to stop, its time is up, nothing is left, or it has grown too large. */
export async function work({ queues, concurrency, drain = false, maxSeconds }: WorkerOptions): Promise<void> {
  const config = loadConfig(process.env, process.cwd())
  const names = queuesNamed(queues)
  const stopping = new AbortController()
  const stop = (why: string) => stopping.abort(why)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop(`Stopped by ${signal}`))
  // Whoever started it as one of several is gone.
  process.once('disconnect', () => stop('Its supervisor ended'))
  process.channel?.unref()
  const app = await openApp(config, { abandoned: 'go on' })
  const tell = config.log === undefined ? remark : app.telemetry.log.info
  app.storeFailed.addEventListener('abort', () => stop('The store failed'), { once: true })
  try {
    if (!process.send) await app.telemetry.listen(() => stopping.signal.aborted)
    await app.startWorkers({ queues: names, concurrency })
    tellMetrics(app.telemetry.metrics)
    sayAlive(stopping.signal)
    const where = config.region === undefined ? '' : ` in the region ${config.region}`
    tell(`Sheaf works on ${names.join(', ')}${where}. Stop it with Ctrl-C.`)
    const { signal } = stopping
    await Promise.race([
      new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })),
      ...(maxSeconds === undefined ? [] : [until(maxSeconds * 1_000, signal).then(() => stop('Time is up'))]),
      ...(drain
        ? [untilEmpty(app.deployment.queues, app.takes, signal).then(() => stop('Nothing is left to do'))]
        : []),
      untilTooLarge(config.workerMemory ?? usualMemory, signal).then(stop),
    ])
    for (const again of ['SIGINT', 'SIGTERM'] as const)
      process.once(again, () => process.exit(exitCodes.cancelled))
    endAnyway(tell)
    await app.stopWorkers(grace)
    tell(`${signal.reason}; ${app.jobsDone()} jobs done.`)
  } finally {
    await app.close()
  }
  if (app.storeFailed.aborted) throw app.storeFailed.reason
}

/** Resolves after so many milliseconds, or as soon as the worker stops. */
async function until(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal, ref: false }).catch(() => undefined)
}

async function untilTooLarge(mebibytes: number, signal: AbortSignal): Promise<string> {
  while (!signal.aborted) {
    await until(weighsEvery, signal)
    if (isTooLarge(mebibytes)) break
  }
  return `It has grown beyond ${mebibytes} MiB`
}
