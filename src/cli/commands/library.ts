import { Command } from 'commander'

/** `sheaf library`: the folders that are reviewed when none is named. */
export function libraryCommand(): Command {
  const command = new Command('library').description('Keep the folders of papers that reviews draw on')
  const verbs = () => import('../run/library.ts')
  command
    .command('list', { isDefault: true })
    .description('the folders, and how many papers are in each')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => (await verbs()).list(options))
  command
    .command('add <folder>')
    .description('review this folder when no --library is given')
    .action(async (folder: string) => (await verbs()).add(folder))
  command
    .command('remove <folder>')
    .description('forget this folder; its files stay as they are')
    .action(async (folder: string) => (await verbs()).remove(folder))
  return command
}
