import type { App } from '../../compose.ts'
import type { SessionSettings } from '../../contract/settings.ts'
import { printable } from '../progress/words.ts'
import { colors, remark, say } from '../terminal.ts'
import { sayPlan } from './say-plan.ts'

/** Shows the plan of a review and what it would read, and starts nothing. */
export async function showDryRun(
  app: App,
  question: string,
  settings: SessionSettings,
  { json }: { json?: boolean },
): Promise<void> {
  const sources = app.deployment.sources(settings)
  const { since, until, maxPapers } = settings
  const request = { question, since, until, maxPapers, sources: [...sources.keys()] }
  const draft = await app.deployment.analyst(settings, 'dry-run').plan(request)
  const plan = {
    ...draft,
    sources: [...sources.values()].map((source) => ({ source: source.name, query: source.query(draft) })),
  }
  const items = await Promise.all(
    [...sources.values()].map(async (source) =>
      (await source.list(plan)).map(({ reference, label }) => ({ source: source.name, reference, label })),
    ),
  )
  const all = items.flat()
  if (json) {
    say(JSON.stringify({ plan, items: all, output: settings.output }, null, 2))
    return
  }
  sayPlan(plan)
  const searched = all.filter(({ reference }) => reference === 'search')
  const read = all.filter((item) => !searched.includes(item))
  if (searched.length > 0)
    say(`${colors.bold('Would be searched')}: ${searched.map(({ source }) => source).join(', ')}`)
  if (read.length > 0 || searched.length === 0) say(colors.bold(`Would be read (${read.length})`))
  for (const { reference, label } of read) say(`  ${printable(label ?? reference)}`)
  remark(`Nothing was started. The report would go to ${settings.output}.`)
}
