import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Author, BibliographicRecord } from '../../src/contract/paper.ts'
import { findDuplicates } from '../../src/methods/duplicates/duplicates.ts'
import type { Measure } from './measure.ts'

const labelledSchema = z.object({
  id: z.string(),
  author: z.string(),
  title: z.string(),
  year: z.string(),
  journal: z.string(),
  abstract: z.string(),
  doi: z.string(),
  number: z.string(),
  pages: z.string(),
  volume: z.string(),
  isbn: z.string(),
  gold: z.enum(['duplicate', 'unique']),
})
type Labelled = z.infer<typeof labelledSchema>

/**
 * Sensitivity and specificity of {@link findDuplicates}, counted as in the ASySD study (Hair et al. 2023): people labelled
 * every record `duplicate` or, one for each work, `unique`. Of each group one record is kept, a `unique` one where
 * there is one; the others are called duplicates. Sensitivity is the share of duplicates called so, specificity the
 * share of unique records not called so.
 */
export async function measureDuplicates(labelledSets: string): Promise<Measure[]> {
  const labelled = readLabelled(labelledSets)
  const { sensitivity, specificity } = score(labelled, findDuplicates(labelled.map(recordOf)).groups)
  const common = { task: 'duplicates', set: `ASySD diabetes (${labelled.length} records)`, atLeast: 0.99 }
  return [
    {
      ...common,
      metric: 'sensitivity',
      value: sensitivity,
      excellent: 0.995,
      published: 'ASySD 0.95 to 0.99 on five other sets (Hair et al. 2023)',
    },
    {
      ...common,
      metric: 'specificity',
      value: specificity,
      excellent: 0.998,
      published: 'ASySD above 0.99 on five other sets (Hair et al. 2023)',
    },
  ]
}

/** The labelled records of the set. */
export function readLabelled(labelledSets: string): Labelled[] {
  return readFileSync(join(labelledSets, 'dedup/asysd_diabetes_dev.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => labelledSchema.parse(JSON.parse(line)))
}

/** A labelled record as a source would give it. */
export function recordOf(labelled: Labelled): BibliographicRecord {
  const year = Number.parseInt(labelled.year, 10)
  const optional = {
    doi: labelled.doi,
    abstract: labelled.abstract,
    venue: labelled.journal,
    volume: labelled.volume,
    issue: labelled.number,
    pages: labelled.pages,
    isbn: labelled.isbn,
  }
  return {
    key: `labelled:${labelled.id}`,
    source: 'labelled',
    reference: labelled.id,
    fields: {
      title: labelled.title,
      authors: authorsOf(labelled.author),
      ...(Number.isNaN(year) ? {} : { year }),
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')),
    },
    origins: {},
  }
}

/** The set runs names together, family name first and initials with points: `Chrysant S. G.Chrysant G. S.` */
function authorsOf(names: string): Author[] {
  return names
    .split(/(?<=\p{Lu}\.)(?=\p{L}{2})/u)
    .map((name) => /^(.*?)((?:\s+\p{Lu}\.)+)$/u.exec(name.trim()))
    .flatMap((parts) => (parts?.[1] === undefined ? [] : [{ family: parts[1], given: parts[2]!.trim() }]))
}

function score(labelled: readonly Labelled[], groups: readonly { keys: readonly string[] }[]) {
  const gold = new Map(labelled.map(({ id, gold }) => [`labelled:${id}`, gold]))
  let found = 0
  let wrong = 0
  for (const { keys } of groups) {
    const unique = keys.filter((key) => gold.get(key) === 'unique').length
    wrong += Math.max(0, unique - 1)
    found += keys.length - Math.max(1, unique)
  }
  const duplicates = labelled.filter(({ gold }) => gold === 'duplicate').length
  return { sensitivity: found / duplicates, specificity: 1 - wrong / (labelled.length - duplicates) }
}
