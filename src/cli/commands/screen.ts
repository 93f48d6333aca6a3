import { Command } from 'commander'

/** `sheaf screen`: teach the screening of a session with a few labels. */
export function screenCommand(): Command {
  return new Command('screen')
    .description(
      'Label the papers that teach screening most, one key each, and let the review go on from there',
    )
    .argument('<session>', 'the session to teach')
    .option('--json', 'progress and result of the review as JSON')
    .option('-q, --quiet', 'show no progress of the review')
    .action(async (session: string, options: { json?: boolean; quiet?: boolean }) => {
      const { screen } = await import('../run/screen.ts')
      await screen(session, options)
    })
}
