import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import process from 'node:process'

/** What a function of AWS Lambda is told of itself. */
export interface FunctionContext {
  /** Milliseconds until the function is ended by force. */
  getRemainingTimeInMillis(): number
}

/** What one run of the function did. */
export interface Drained {
  /** Jobs done, however they ended. */
  readonly jobs: number
  /** Why it ended, as `Nothing is left to do` or `Time is up`. */
  readonly reason: string
}

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')
/** Milliseconds left when the worker takes no more jobs: 5 s for those under way, the rest to close and to be late. */
const reserve = 30_000
/** Milliseconds left when a worker that has not ended is told again, and then ended by force. */
const lastWord = 15_000
const force = 5_000

/**
 * Does what the queues hold until they are empty or 30 s before the function's own time ends. What is not done by then goes
 * back to its queue, and on with the next run: start it by a schedule, with EventBridge. Settings are the environment's: DATABASE_URL,
 * REDIS_URL, SHEAF_BLOBS.
 * @throws where the worker failed, so that the run counts as failed
 */
export async function handler(_event: unknown, context: FunctionContext): Promise<Drained> {
  const seconds = Math.floor((context.getRemainingTimeInMillis() - reserve) / 1000)
  if (seconds < 1) return { jobs: 0, reason: 'There is no time to begin' }
  const worker = spawn(process.execPath, [main, 'worker', '--drain', '--max-seconds', String(seconds)], {
    // The temporary folder is all that a function can write.
    env: { SHEAF_HOME: '/tmp/sheaf', ...process.env },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let said = ''
  worker.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk)
    said = (said + chunk).slice(-4_000)
  })
  const ends = [
    ['SIGTERM', lastWord],
    ['SIGKILL', force],
  ] as const
  const timers = ends.map(([signal, left]) =>
    setTimeout(() => worker.kill(signal), context.getRemainingTimeInMillis() - left),
  )
  const { promise: ended, resolve: end, reject } = Promise.withResolvers<number | NodeJS.Signals>()
  worker.once('error', reject)
  worker.once('close', (code, signal) => end(code ?? signal ?? 1))
  const outcome = await ended.finally(() => {
    for (const timer of timers) clearTimeout(timer)
  })
  const [, reason = '', jobs] = /([^"\n]+); (\d+) jobs done/.exec(said) ?? []
  if (outcome !== 0 || jobs === undefined) throw new Error(`The worker ended with ${outcome}: ${said}`)
  return { jobs: Number(jobs), reason }
}
