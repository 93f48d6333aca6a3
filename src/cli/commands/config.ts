import { Command } from 'commander'

/** `sheaf config`: settings in force and where each comes from. */
export function configCommand(): Command {
  const command = new Command('config').description('Show and change settings')
  const verbs = () => import('../run/config.ts')
  command
    .command('list', { isDefault: true })
    .description('every setting, its value and where it comes from')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => (await verbs()).list(options))
  command
    .command('set <name> <value>')
    .description('keep a setting in config.json')
    .action(async (name: string, value: string) => (await verbs()).set(name, value))
  command
    .command('unset <name>')
    .description('go back to the default')
    .action(async (name: string) => (await verbs()).unset(name))
  return command
}
