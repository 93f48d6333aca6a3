import { Command } from 'commander'
import { names, wholeNumber } from '../options.ts'

/** Options of `sheaf sessions approve`, as the parser leaves them. */
export interface ApproveOptions {
  plan?: string
  downloads?: number
  domains?: string[]
  tokens?: number
  json?: boolean
  quiet?: boolean
}

/** `sheaf sessions`: what was asked before, and what became of it. */
export function sessionsCommand(): Command {
  const command = new Command('sessions').description(
    'List, show, follow, approve, reject, cancel, resume and delete reviews',
  )
  const verbs = () => import('../run/sessions.ts')
  command
    .command('list', { isDefault: true })
    .description('all sessions, newest first')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => (await verbs()).list(options))
  command
    .command('show <session>')
    .description('one session: its plan, how far it is, what failed')
    .option('--json', 'as JSON')
    .action(async (session: string, options: { json?: boolean }) => (await verbs()).show(session, options))
  command
    .command('follow <session>')
    .description('what happens in a session that is at work on a server, until its end')
    .option('--json', 'progress and result as JSON')
    .option('-q, --quiet', 'show no progress')
    .action(async (session: string, options: { json?: boolean; quiet?: boolean }) =>
      (await verbs()).follow(session, options),
    )
  command
    .command('approve <session>')
    .description('approve what a session waits for, its plan or more of something, and go on')
    .option('--plan <file>', 'the edited plan, as JSON; "sheaf sessions show --json" prints the present one')
    .option('--downloads <number>', 'this many full texts, the best papers first', wholeNumber)
    .option('--domains <names>', 'these hosts', names)
    .option('--tokens <number>', 'this many tokens in all', wholeNumber)
    .option('--json', 'progress and result as JSON')
    .option('-q, --quiet', 'show no progress')
    .action(async (session: string, options: ApproveOptions) => (await verbs()).approve(session, options))
  command
    .command('reject <session>')
    .description('go on without what a session asks for, within what was allowed')
    .option('--json', 'progress and result as JSON')
    .option('-q, --quiet', 'show no progress')
    .action(async (session: string, options: { json?: boolean; quiet?: boolean }) =>
      (await verbs()).reject(session, options),
    )
  command
    .command('cancel <session>')
    .description('stop a session for good; what it found stays readable')
    .action(async (session: string) => (await verbs()).cancel(session))
  command
    .command('resume <session>')
    .description('go on with a session that was stopped')
    .option('--json', 'progress and result as JSON')
    .option('-q, --quiet', 'show no progress')
    .action(async (session: string, options: { json?: boolean; quiet?: boolean }) =>
      (await verbs()).resume(session, options),
    )
  command
    .command('delete <session>')
    .description('remove a session and all it found; its report and the papers stay')
    .action(async (session: string) => (await verbs()).remove(session))
  return command
}
