import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { createReader } from '../../src/documents/reader.ts'
import { fullName } from '../../src/methods/references/person-names.ts'
import { lettersAndDigits } from '../../src/methods/text/text-repair.ts'
import { readFrontMatter } from '../../src/sources/library/front-matter.ts'
import type { Measure } from './measure.ts'

const truthSchema = z.record(
  z.string(),
  z.object({ title: z.string(), authors: z.array(z.string()), year: z.number(), doi: z.string() }),
)

/**
 * How well title, authors, year and DOI are read from PDFs alone, against the publisher's deposit. Titles and names are
 * compared by letters and digits without accents; authors count only when all are right and in their order. The papers lie
 * in `papers/open-education` beside the folder of labelled sets, their truth in `papers/truth.json`.
 */
export async function measureMetadata(labelledSets: string): Promise<Measure[]> {
  const papers = resolve(labelledSets, '../papers')
  if (!existsSync(join(papers, 'truth.json'))) return []
  const truth = truthSchema.parse(JSON.parse(await readFile(join(papers, 'truth.json'), 'utf8')))
  const right = { title: 0, authors: 0, year: 0, DOI: 0 }
  await using reader = createReader({ threads: 1 })
  const files = Object.keys(truth).sort()
  for (const file of files) {
    const expected = truth[file]!
    const outcome = await reader.read(join(papers, 'open-education', file))
    if (!outcome.ok) continue
    // The name is withheld, since it may hold the DOI.
    const { fields } = readFrontMatter(outcome.document, 'paper.pdf')
    const names = fields.authors.map(fullName)
    if (lettersAndDigits(fields.title) === lettersAndDigits(expected.title)) right.title++
    if (names.map(lettersAndDigits).join() === expected.authors.map(lettersAndDigits).join()) right.authors++
    if (fields.year === expected.year) right.year++
    if (fields.doi === expected.doi.toLowerCase()) right.DOI++
  }
  const bars = { title: 0.95, authors: 0.9, year: 0.95, DOI: 0.95 }
  return (['title', 'authors', 'year', 'DOI'] as const).map((field) => ({
    task: 'metadata',
    set: `open-education (${files.length} papers)`,
    metric: `${field} right`,
    value: right[field] / files.length,
    atLeast: bars[field],
  }))
}
