import { Command } from 'commander'

/** `sheaf doctor`: what is configured, what is reachable, what is missing. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Say what is configured, what can be reached, and what is missing')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('../run/doctor.ts')
      await doctor(options)
    })
}
