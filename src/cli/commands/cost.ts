import { Command } from 'commander'

/** `sheaf cost`: what a review's calls of language models came to. */
export function costCommand(): Command {
  return new Command('cost')
    .description('What a review has used of language models: calls, tokens, cost')
    .argument('<session>', 'the session')
    .option('--json', 'as JSON')
    .action(async (session: string, options: { json?: boolean }) =>
      (await import('../run/cost.ts')).cost(session, options),
    )
}
