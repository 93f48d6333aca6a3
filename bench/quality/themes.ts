import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { labelThemes } from '../../src/methods/clustering/labels.ts'
import type { ThemeDocument } from '../../src/methods/clustering/phrases.ts'
import { type FoundTheme, findThemes } from '../../src/methods/clustering/themes.ts'
import { tokenize } from '../../src/methods/text/tokens.ts'
import type { Measure } from './measure.ts'

const labelledSchema = z.object({
  id: z.string(),
  title: z.string(),
  abstract: z.string().nullish(),
  label: z.string(),
})

const sets = [
  {
    file: 'reviewmix_dev.jsonl',
    name: 'reviewmix',
    atLeast: 0.92,
    excellent: 0.95,
    published: 'own trial 0.94',
  },
  { file: 'arxiv8.jsonl', name: 'arXiv, 8 archives', atLeast: 0.38, published: 'own trial 0.38' },
  { file: 'ohsumed10_dev.jsonl', name: 'OHSUMED, 10 classes', atLeast: 0.3, published: 'own trial 0.30' },
  { file: 'scirepeval_fos.jsonl', name: 'SciRepEval, fields of study' },
]

/** A word of a label is apt when at least this share of the theme's papers has it … */
const often = 0.3
/** … and less than this share of the others. */
const seldom = 0.1

/**
 * Normalised mutual information (arithmetic mean, as in scikit-learn) of {@link findThemes} with the number of themes found,
 * and the share of words of {@link labelThemes} that are apt: in 30 % of the theme's papers and in under 10 % of others.
 * Measures the first `most` sets.
 */
export async function measureThemes(labelledSets: string, most = sets.length): Promise<Measure[]> {
  return sets.slice(0, most).flatMap(({ file, name, ...bars }) => {
    const labelled = readFileSync(join(labelledSets, 'clustering', file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => labelledSchema.parse(JSON.parse(line)))
    const documents = labelled.map(documentOf)
    const { themes } = findThemes(documents)
    const set = `${name} (${labelled.length} abstracts, ${themes.length} themes found)`
    return [
      ...(file === 'reviewmix_dev.jsonl' ? measureSmallSets(labelled) : []),
      {
        task: 'themes',
        set,
        metric: 'NMI',
        value: agreement(labelled, themes),
        ...bars,
      },
      { task: 'themes', set, metric: 'apt words of labels', value: aptness(documents, themes) },
    ]
  })
}

type Labelled = z.infer<typeof labelledSchema>

function documentOf({ id, title, abstract }: Labelled): ThemeDocument {
  return { id, title, text: abstract ?? '' }
}

/** Sets as small as most libraries: for each number of reviews, every fourth paper of them from twelve starts. */
function measureSmallSets(labelled: readonly Labelled[]): Measure[] {
  const reviews = [...Map.groupBy(labelled, ({ label }) => label).values()]
  return [2, 3, 4].map((count) => {
    const values = Array.from({ length: 12 }, (_, start) => {
      const sample = Array.from(
        { length: count },
        (_, at) => reviews[(start + 3 * at) % reviews.length]!,
      ).flatMap((review) =>
        Array.from({ length: 12 / count }, (_, at) => review[(start + 4 * at) % review.length]!),
      )
      return agreement(sample, findThemes(sample.map(documentOf)).themes)
    })
    const value = values.reduce((sum, each) => sum + each, 0) / values.length
    return {
      task: 'themes',
      set: `reviewmix, 12 papers of ${count} reviews (12 samples)`,
      metric: 'NMI',
      value,
    }
  })
}

function agreement(labelled: readonly Labelled[], themes: readonly { ids: readonly string[] }[]): number {
  const themeOf = new Map(themes.flatMap(({ ids }, theme) => ids.map((id) => [id, theme] as const)))
  return mutualInformation(
    labelled.map(({ label }) => label),
    labelled.map(({ id }) => String(themeOf.get(id))),
  )
}

function mutualInformation(truth: readonly string[], found: readonly string[]): number {
  const joint = truth.map((label, at) => `${label}\u0000${found[at]}`)
  const [a, b, both] = [truth, found, joint].map(entropy)
  return a! + b! === 0 ? 1 : (2 * (a! + b! - both!)) / (a! + b!)
}

function entropy(labels: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / labels.length) * Math.log(count / labels.length),
    0,
  )
}

function aptness(documents: readonly ThemeDocument[], themes: readonly FoundTheme[]): number {
  const byId = new Map(documents.map((document) => [document.id, document]))
  const stems = new Map(documents.map(({ id, title, text }) => [id, new Set(tokenize(`${title}\n${text}`))]))
  const names = labelThemes(
    themes.map(({ ids, keywords }) => ({
      papers: ids.map((id) => byId.get(id)!),
      strangers: keywords.length === 0,
    })),
  )
  const verdicts = names.flatMap(({ label }, theme) => {
    const members = new Set(themes[theme]!.ids)
    const shareOf = (word: string, inside: boolean) => {
      const group = documents.filter(({ id }) => members.has(id) === inside)
      return group.filter(({ id }) => stems.get(id)!.has(word)).length / Math.max(1, group.length)
    }
    return tokenize(label, { compounds: false }).map(
      (word) => shareOf(word, true) >= often && shareOf(word, false) < seldom,
    )
  })
  return verdicts.filter(Boolean).length / Math.max(1, verdicts.length)
}
