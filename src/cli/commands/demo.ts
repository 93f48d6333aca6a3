import { Command } from 'commander'

/** `sheaf demo`: a review of the bundled question over the bundled papers. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Review a bundled question over bundled papers, to see what comes out')
    .option('-o, --out <folder>', 'where to write the report', 'sheaf-reviews/demo')
    .option('--json', 'progress and result as JSON')
    .option('-q, --quiet', 'show no progress')
    .action(async (options: { out: string; json?: boolean; quiet?: boolean }) => {
      const { demo } = await import('../run/demo.ts')
      await demo(options)
    })
}
