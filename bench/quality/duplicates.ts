import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Author, BibliographicFields, BibliographicRecord } from '../../src/contract/paper.ts'
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
  const { sensitivity, specificity } = score(labelled, (fields) => fields)
  const set = `ASySD diabetes (${labelled.length} records)`
  return [
    {
      task: 'duplicates',
      set,
      metric: 'sensitivity',
      value: sensitivity,
      atLeast: 0.99,
      excellent: 0.995,
      published: 'ASySD 0.95 to 0.99 on five other sets (Hair et al. 2023)',
    },
    {
      task: 'duplicates',
      set,
      metric: 'specificity',
      value: specificity,
      atLeast: 0.99,
      excellent: 0.998,
      published: 'ASySD above 0.99 on five other sets (Hair et al. 2023)',
    },
    ...damages.flatMap(({ name, damage }) => {
      const damaged = score(labelled, damage)
      return [
        { task: 'duplicates', set: `${set}, ${name}`, metric: 'sensitivity', value: damaged.sensitivity },
        { task: 'duplicates', set: `${set}, ${name}`, metric: 'specificity', value: damaged.specificity },
      ]
    }),
  ]
}

type Damage = (fields: BibliographicFields, position: number) => BibliographicFields

/** What other databases do to records: the same labels must come out. "Half" is every second record. */
const damages: readonly { name: string; damage: Damage }[] = [
  { name: 'without DOIs and abstracts', damage: ({ doi: _, abstract: __, ...rest }) => rest },
  { name: 'without pages', damage: ({ pages: _, ...rest }) => rest },
  { name: 'without authors', damage: (fields) => ({ ...fields, authors: [] }) },
  {
    name: 'half with the title cut to 60 characters',
    damage: (fields, at) => (at % 2 === 1 ? { ...fields, title: fields.title.slice(0, 60) } : fields),
  },
  {
    name: 'half with nothing but title, authors and year',
    damage: (fields, at) => {
      const { title, authors, year } = fields
      return at % 2 === 1 ? { title, authors, ...(year === undefined ? {} : { year }) } : fields
    },
  },
]

/** The labelled records of the set. */
function readLabelled(labelledSets: string): Labelled[] {
  return readFileSync(join(labelledSets, 'dedup/asysd_diabetes_dev.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => labelledSchema.parse(JSON.parse(line)))
}

/** A labelled record as a source would give it. */
function recordOf(labelled: Labelled): BibliographicRecord {
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

function score(labelled: readonly Labelled[], damage: Damage): { sensitivity: number; specificity: number } {
  const records = labelled
    .map(recordOf)
    .map((record, at) => ({ ...record, fields: damage(record.fields, at) }))
  const { groups } = findDuplicates(records)
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
