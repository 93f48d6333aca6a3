import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import type { Pool } from './pools.ts'
import type { WorkerProcess } from './supervisor.ts'

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
    onAlive: (heard) => void child.on('message', heard),
    onEnd(ended) {
      if (child.exitCode !== null || child.signalCode !== null) ended('it had ended')
      child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`))
      child.once('error', ({ message }) => ended(message))
    },
  }
}
