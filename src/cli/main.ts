import process from 'node:process'
import { Command, CommanderError } from 'commander'
import { SheafError } from '../errors.ts'
import { version } from '../version.ts'
import { configCommand } from './commands/config.ts'
import { costCommand } from './commands/cost.ts'
import { demoCommand } from './commands/demo.ts'
import { doctorCommand } from './commands/doctor.ts'
import { libraryCommand } from './commands/library.ts'
import { researchCommand } from './commands/research.ts'
import { screenCommand } from './commands/screen.ts'
import { serveCommand } from './commands/serve.ts'
import { sessionsCommand } from './commands/sessions.ts'
import { tokensCommand } from './commands/tokens.ts'
import { verifyCommand } from './commands/verify.ts'
import { workerCommand } from './commands/worker.ts'
import { exitCodeHelp, exitCodes } from './exit-codes.ts'
import { complain, stopQuietlyWhenReaderLeaves } from './terminal.ts'

stopQuietlyWhenReaderLeaves()
const program = new Command('sheaf')
  .description('Literature reviews in which every statement stands on a quotation that anyone can check.')
  .version(version)
  .addHelpText('after', `\n${exitCodeHelp}`)
for (const command of [
  researchCommand(),
  screenCommand(),
  verifyCommand(),
  sessionsCommand(),
  costCommand(),
  libraryCommand(),
  doctorCommand(),
  configCommand(),
  demoCommand(),
  serveCommand(),
  workerCommand(),
  tokensCommand(),
])
  program.addCommand(command)

/** Errors of the argument parser throw like any other, here and in every command below. */
function throwInsteadOfExiting(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} })
  command.commands.forEach(throwInsteadOfExiting)
}
throwInsteadOfExiting(program)

try {
  await program.parseAsync()
} catch (thrown) {
  process.exitCode = exitCodeOf(thrown)
  if (process.exitCode !== 0) complain(thrown)
}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitCodes.invalid_input
  return exitCodes[SheafError.isInstance(thrown) ? thrown.code : 'internal']
}
