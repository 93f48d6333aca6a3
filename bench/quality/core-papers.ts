import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { planReview } from '../../src/analysts/extractive/plan.ts'
import { screenPapers } from '../../src/analysts/extractive/screen.ts'
import { readLines } from '../training/labelled-sentences.ts'
import type { Measure } from './measure.ts'

const reviewsSchema = z.array(z.object({ set: z.string(), question: z.string() }))
const recordSchema = z.object({
  id: z.coerce.string(),
  title: z.string(),
  abstract: z.string().nullish(),
  label: z.coerce.number(),
})

/**
 * Screening by the question alone on labelled reviews: how many of the papers that reviewers included are core, and how
 * many of the core papers they included, beside the share of included papers, which is the precision of a guess.
 */
export async function measureCorePapers(
  labelledSets: string,
  chosen: (set: string) => boolean = () => true,
): Promise<Measure[]> {
  const all = reviewsSchema.parse(
    JSON.parse(readFileSync(resolve(labelledSets, 'screening/reviews_dev.json'), 'utf8')),
  )
  const reviews = all.filter(({ set }) => chosen(set))
  const figures = reviews.map(({ set, question }) => {
    const records = readLines(resolve(labelledSets, `screening/${set}.jsonl`), recordSchema)
    const candidates = records.map(({ id, title, abstract }) => ({
      paper: {
        id,
        fields: { title, authors: [], ...(abstract ? { abstract } : {}) },
        provenance: {},
        records: [id],
        mergedBecause: [],
      },
    }))
    const decisions = screenPapers(planReview({ question, sources: [] }), candidates)
    const core = decisions.map(({ tier }) => tier === 'core')
    const included = records.map(({ label }) => label === 1)
    const both = core.filter((isCore, index) => isCore && included[index]).length
    const count = (flags: readonly boolean[]) => flags.filter(Boolean).length
    return {
      set,
      recall: both / Math.max(1, count(included)),
      precision: both / Math.max(1, count(core)),
      base: count(included) / records.length,
      core: count(core) / records.length,
    }
  })
  const mean = (of: (figure: (typeof figures)[number]) => number) =>
    figures.reduce((sum, figure) => sum + of(figure), 0) / figures.length
  const set = `${figures.length} labelled reviews`
  return [
    {
      task: 'screening',
      set,
      metric: 'core papers: recall of the included',
      value: mean(({ recall }) => recall),
    },
    { task: 'screening', set, metric: 'core papers: precision', value: mean(({ precision }) => precision) },
    { task: 'screening', set, metric: 'core papers: precision of a guess', value: mean(({ base }) => base) },
    { task: 'screening', set, metric: 'core papers: share of all', value: mean(({ core }) => core) },
    ...figures.flatMap(({ set: name, recall, precision, base }) => [
      { task: 'screening', set: name, metric: 'core: recall', value: recall },
      {
        task: 'screening',
        set: name,
        metric: `core: precision (guess ${base.toFixed(2)})`,
        value: precision,
      },
    ]),
  ]
}
