import { resolve } from 'node:path'
import process from 'node:process'
import { loadConfig } from '../../config.ts'
import { createReader } from '../../documents/reader.ts'
import { verifyReview } from '../../session/verify-review.ts'
import { exitCodes } from '../exit-codes.ts'
import { countsInWords, printable } from '../progress/words.ts'
import { colors, remark, say } from '../terminal.ts'

/** The most mismatches that are listed for a person; `--json` has them all. */
const mostShown = 20

/** `sheaf verify`: says how much held, and what did not. */
export async function verify(
  report: string,
  { library, json }: { library?: string[]; json?: boolean },
): Promise<void> {
  const { readerThreads } = loadConfig(process.env, process.cwd())
  await using reader = createReader(readerThreads === undefined ? {} : { threads: readerThreads })
  const result = await verifyReview({ reader }, { report: resolve(report), folders: library ?? [] })
  if (!result.holds) process.exitCode = exitCodes.verification_failed
  if (json) {
    say(JSON.stringify(result, null, 2))
    return
  }
  for (const { kind, message } of result.mismatches.slice(0, mostShown))
    say(`${colors.red('✗')} ${kind.replaceAll('_', ' ')}: ${printable(message)}`)
  if (result.mismatches.length > mostShown)
    remark(`… and ${result.mismatches.length - mostShown} more; --json lists them all.`)
  for (const sentence of result.notChecked) remark(`${colors.yellow('!')} ${sentence}`)
  const held = Object.entries(result.held).map(([name, count]) => [name.replaceAll('_', ' '), count] as const)
  say(`Held: ${countsInWords(Object.fromEntries(held)) || 'nothing'}.`)
  if (result.holds) say(`${colors.green('✓')} The report says what its papers say.`)
  else say(`${result.mismatches.length} did not hold. Do not rely on this report.`)
}
