import { Command } from 'commander'
import { wholeNumber } from '../options.ts'

/** Options of `sheaf serve`, as the parser leaves them. */
export interface ServeOptions {
  host: string
  port: number
}

/** `sheaf serve`: the same program as a service. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Run as a service: an API under /api/v1, and the work of its reviews')
    .option('--host <address>', 'where to listen; other than this machine alone needs a login', '127.0.0.1')
    .option('--port <number>', 'the port; 0 for any that is free', wholeNumber, 4320)
    .addHelpText(
      'after',
      '\nWhile it runs, commands given on the same data folder go through it, with the same output.',
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import('../run/serve.ts')
      await serve(options)
    })
}
