import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { metricsWanted } from './health.ts'
import type { Pool } from './pools.ts'
import type { WorkerProcess } from './supervisor.ts'

/** Milliseconds that a worker may take to tell its metrics. */
const patience = 2_000

function isMetrics(message: unknown): message is { metrics: unknown } {
  return typeof message === 'object' && message !== null && 'metrics' in message
}

const main = join(import.meta.dirname, '../cli/main.ts')

/** Starts `sheaf worker` on a pool's queues, with this process' environment and output. */
export function startWorker({ queues }: Pool): WorkerProcess {
  const child = spawn(process.execPath, [main, 'worker', '--queues', queues.join(',')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A terminal sends Ctrl-C to all; its supervisor is to decide.
    detached: true,
  })
  return {
    pid: child.pid,
    stop: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
    metrics() {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      const hear = (message: unknown) => {
        if (isMetrics(message)) resolve(message.metrics)
      }
      const timer = setTimeout(() => resolve(undefined), patience)
      child.on('message', hear)
      child.send(metricsWanted, () => undefined)
      return promise.finally(() => {
        clearTimeout(timer)
        child.off('message', hear)
      })
    },
    onAlive: (heard) => void child.on('message', heard),
    onEnd(ended) {
      if (child.exitCode !== null || child.signalCode !== null) ended('it had ended')
      child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`))
      child.once('error', ({ message }) => ended(message))
    },
  }
}
