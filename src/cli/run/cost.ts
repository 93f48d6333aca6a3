import type { SessionCost } from '../../contract/api/ledger.ts'
import { printable } from '../progress/words.ts'
import { withReviews } from '../reviews/open.ts'
import { colors, remark, say } from '../terminal.ts'

type Line = SessionCost['lines'][number]

/** `sheaf cost`. */
export async function cost(id: string, { json }: { json?: boolean }): Promise<void> {
  await withReviews(async (reviews) => {
    const spent = await reviews.cost(id)
    if (json) say(JSON.stringify(spent, null, 2))
    else if (spent.lines.length === 0) remark(`Session ${id} has asked no language model.`)
    else sayCost(spent)
  })
}

function sayCost({ lines, total }: SessionCost): void {
  const rows = [
    ['Task', 'Model', 'Calls', 'Failed', 'Kept', 'Tokens in', 'of these cached', 'Tokens out', 'US dollars'],
    ...lines.map((line) => [line.task, line.model, ...numbersOf(line)]),
    ['All', '', ...numbersOf(total)],
  ].map((row) => row.map(printable))
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  for (const [index, row] of rows.entries()) {
    const text = row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
    say(index === 0 || index === rows.length - 1 ? colors.bold(text) : text)
  }
  if (total.cost === undefined)
    say(colors.dim('The price of a model is unknown: add it to the setting “prices”.'))
  if (total.kept > 0) say(colors.dim('Kept answers were given before and cost nothing again.'))
}

function numbersOf(line: Omit<Line, 'task' | 'model' | 'latency'>): string[] {
  const whole = (count: number) => count.toLocaleString('en-GB')
  return [
    whole(line.calls),
    whole(line.failed),
    whole(line.kept),
    whole(line.inputTokens),
    whole(line.cachedTokens),
    whole(line.outputTokens),
    line.cost === undefined ? 'price unknown' : line.cost.toFixed(4),
  ]
}
