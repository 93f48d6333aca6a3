import process from 'node:process'
import { CommanderError } from 'commander'
import pc from 'picocolors'
import { messageOf, SheafError } from '../errors.ts'
import { printable } from './progress/words.ts'

/** Colours for standard error, none where it is not a terminal or NO_COLOR is set. */
export const colors = pc.createColors(Boolean(process.stderr.isTTY) && !process.env.NO_COLOR)

/** Writes a result to standard output. What it holds of papers' text must have gone through `printable`. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Writes a remark to standard error, where it does not mix with results. */
export function remark(line = ''): void {
  process.stderr.write(`${line}\n`)
}

/** Says what went wrong and what to do next. A fault of Sheaf itself also shows where, so that it can be reported. */
export function complain(thrown: unknown): void {
  if (thrown instanceof CommanderError) {
    remark(`sheaf: ${thrown.message.replace(/^error: /, '')}`)
    remark('       "sheaf --help" lists the commands, "sheaf COMMAND --help" the options of one.')
    return
  }
  remark(`${colors.red('sheaf:')} ${printable(messageOf(thrown))}`)
  if (!SheafError.isInstance(thrown)) {
    remark('       This is a fault of Sheaf. Please report it with these lines:')
    remark(thrown instanceof Error ? String(thrown.stack) : String(thrown))
  } else if (thrown.advice) remark(`       ${printable(thrown.advice)}`)
}

/** `sheaf … | head` closes our output early; that is no failure. */
export function stopQuietlyWhenReaderLeaves(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}
