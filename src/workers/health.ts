import process from 'node:process'

/** MiB of memory that a worker may hold before it ends in good order, to be started afresh. */
export const usualMemory = 3_072
/** Milliseconds between words of a worker that it is alive. */
const aliveEvery = 2_000

/** Whether this process holds more memory than it may. */
export function isTooLarge(mebibytes: number): boolean {
  return process.memoryUsage.rss() > mebibytes * 2 ** 20
}

/** What a supervisor says to be told a worker's metrics. */
export const metricsWanted = 'metrics'

/** Tells whoever supervises this process its metrics whenever they are asked for; it does nothing where nobody does. */
export function tellMetrics(read: () => Promise<unknown>): void {
  if (!process.send) return
  process.on('message', (message) => {
    if (message !== metricsWanted) return
    read().then(
      (metrics) => void process.send?.({ metrics }, undefined, {}, () => undefined),
      // Who asked goes on without an answer.
      () => undefined,
    )
  })
  // Listening alone is no reason to live on.
  process.channel?.unref()
}

/** Tells whoever supervises this process, from its main thread, that it still answers; it does nothing where nobody does. */
export function sayAlive(signal: AbortSignal): void {
  if (!process.send) return
  const say = () => void process.send?.('alive', undefined, {}, () => undefined)
  say()
  const timer = setInterval(say, aliveEvery)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}
