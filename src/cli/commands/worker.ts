import { Command } from 'commander'
import { names, positiveInteger } from '../options.ts'

/** Options of `sheaf worker`, as the parser leaves them. */
export interface WorkerOptions {
  queues?: string[]
  concurrency?: number
  drain?: boolean
  maxSeconds?: number
}

/** `sheaf worker`: a process that does the work of reviews that others accept. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('Do the work of reviews that "sheaf serve" accepts, here or on other machines')
    .option(
      '--queues <names>',
      'take jobs from these queues alone: sessions, search, documents, analysis, synthesis',
      names,
    )
    .option('--concurrency <number>', 'jobs at once, of each queue', positiveInteger)
    .option('--drain', 'end when nothing is left to do')
    .option(
      '--max-seconds <number>',
      'end after this time at the latest; what is not done goes on elsewhere',
      positiveInteger,
    )
    .addHelpText(
      'after',
      `
Several workers need a database that they share: DATABASE_URL, and for many of them REDIS_URL. SIGTERM or Ctrl-C ends a worker;
what it has not done goes back to the queue. On hosts that run a program for a limited time (functions, jobs), use
--drain --max-seconds N.`,
    )
    .action(async (options: WorkerOptions) => {
      const { work } = await import('../run/worker.ts')
      await work(options)
    })
}
