import type { DryRun } from '../../contract/api/plan.ts'
import { printable } from '../progress/words.ts'
import { colors, remark, say } from '../terminal.ts'
import { sayPlan } from './say-plan.ts'

/** Shows the plan of a review and what it would read. */
export function sayDryRun({ plan, items, output }: DryRun, { json }: { json?: boolean }): void {
  if (json) {
    say(JSON.stringify({ plan, items, output }, null, 2))
    return
  }
  sayPlan(plan)
  const searched = items.filter(({ reference }) => reference === 'search')
  const read = items.filter((item) => !searched.includes(item))
  if (searched.length > 0)
    say(`${colors.bold('Would be searched')}: ${searched.map(({ source }) => source).join(', ')}`)
  if (read.length > 0 || searched.length === 0) say(colors.bold(`Would be read (${read.length})`))
  for (const { reference, label } of read) say(`  ${printable(label ?? reference)}`)
  remark(`Nothing was started. The report would go to ${output}.`)
}
