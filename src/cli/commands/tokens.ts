import { Command, Option } from 'commander'
import { type Scope, scopes } from '../../contract/caller.ts'
import { positiveInteger } from '../options.ts'

/** Options of `sheaf tokens create`, as the parser leaves them. */
export interface CreateTokenOptions {
  scope: Scope
  user?: string
  expires?: number
  json?: boolean
}

/** `sheaf tokens`: by what programs and people without OpenID Connect are known to "sheaf serve". */
export function tokensCommand(): Command {
  const command = new Command('tokens').description('Make, list and revoke tokens for "sheaf serve"')
  const verbs = () => import('../run/tokens.ts')
  command
    .command('create <name>')
    .description('make a token and print it, this once')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(scopes).default('write'))
    .option('--user <name>', 'whose it is; default: local, whoever sits at the server')
    .option('--expires <days>', 'when it ends; default: when it is revoked', positiveInteger)
    .option('--json', 'as JSON')
    .action(async (name: string, options: CreateTokenOptions) => (await verbs()).create(name, options))
  command
    .command('list', { isDefault: true })
    .description('all tokens, newest first')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => (await verbs()).list(options))
  command
    .command('revoke <token>')
    .description('end a token at once; name its public part, as "list" shows it')
    .action(async (token: string) => (await verbs()).revoke(token))
  return command
}
