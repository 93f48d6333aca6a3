/**
 * Measures every judgement that Sheaf makes without a model on labelled sets, beside its bar and what others published.
 *
 *   npm run bench:quality -- [FOLDER OF SETS] [--json FILE] [--only TASK]
 *
 * Ends with 1 when a figure is below its bar.
 */
import { existsSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { labelledSetsFolder } from '../../test/support/corpora.ts'
import { measureAnswers, measureAudit, measureStances } from './audit.ts'
import { measureCorePapers } from './core-papers.ts'
import { measureDuplicates } from './duplicates.ts'
import { measureEvidence } from './evidence.ts'
import type { Measure } from './measure.ts'
import { measureMetadata } from './metadata.ts'
import { measureQuotations } from './quotations.ts'
import { measureRanking } from './ranking.ts'
import { measureRoles } from './roles.ts'
import { measureScreening } from './screening.ts'
import { measureSentences } from './sentences.ts'
import { measureThemes } from './themes.ts'

const tasks: Record<string, (labelledSets: string) => Promise<Measure[]>> = {
  ranking: measureRanking,
  screening: measureScreening,
  'core papers': measureCorePapers,
  evidence: measureEvidence,
  roles: measureRoles,
  audit: measureAudit,
  relations: measureStances,
  answers: measureAnswers,
  themes: measureThemes,
  sentences: measureSentences,
  quotations: measureQuotations,
  duplicates: measureDuplicates,
  metadata: measureMetadata,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, only: { type: 'string' } },
})
const sets = positionals[0] ?? labelledSetsFolder
if (!existsSync(sets)) {
  console.error(`There are no labelled sets in ${sets}. Name their folder, or set SHEAF_CORPORA.`)
  process.exit(66)
}
const chosen = Object.entries(tasks).filter(([name]) => values.only === undefined || values.only === name)
const measures: Measure[] = []
for (const [, measure] of chosen) {
  const found = await measure(sets)
  measures.push(...found)
  for (const one of found) console.log(lineOf(one))
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measures, null, 2)}\n`)
const below = measures.filter(({ value, atLeast }) => atLeast !== undefined && value < atLeast)
console.log(`\n${measures.length} figures, ${below.length} below their bar`)
process.exitCode = below.length === 0 ? 0 : 1

function lineOf({ task, set, metric, value, atLeast, excellent, published }: Measure): string {
  const mark =
    atLeast === undefined
      ? ' '
      : value < atLeast
        ? '✗'
        : excellent !== undefined && value >= excellent
          ? '★'
          : '✓'
  const bars = [
    atLeast === undefined ? '' : `at least ${atLeast}`,
    excellent === undefined ? '' : `excellent ${excellent}`,
    published === undefined ? '' : `published: ${published}`,
  ].filter(Boolean)
  return `${mark} ${task.padEnd(11)} ${set.padEnd(44)} ${metric.padEnd(26)} ${value.toFixed(3).padStart(8)}   ${bars.join('; ')}`
}
