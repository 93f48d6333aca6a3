import { Command } from 'commander'
import { wholeNumber } from '../options.ts'

/** Options of `sheaf serve`, as the parser leaves them. */
export interface ServeOptions {
  host: string
  port: number
  workers?: string
}

/** `sheaf serve`: the same program as a service. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Run as a service: an API under /api/v1, and the work of its reviews')
    .option('--host <address>', 'where to listen; other than this machine alone needs a login', '127.0.0.1')
    .option('--port <number>', 'the port; 0 for any that is free', wholeNumber, 4320)
    .option(
      '--workers <number>',
      'do the work in so many processes of each pool (reading PDFs; all else), as 2, 1-4 or auto; 0: elsewhere, by "sheaf worker". Needs DATABASE_URL. Default: in this process',
    )
    .addHelpText(
      'after',
      '\nWhile it runs, commands given on the same data folder go through it, with the same output.',
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import('../run/serve.ts')
      await serve(options)
    })
}
