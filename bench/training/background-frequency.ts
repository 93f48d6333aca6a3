/**
 * Counts in how many abstracts each common stem stands: `node bench/training/background-frequency.ts <labelled sets>`.
 * The abstracts are those of SciFact (biomedicine), CISI (information science), arXiv and CSAbstruct (computing).
 */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { tokenize } from '../../src/methods/text/tokens.ts'
import { readLines } from './labelled-sentences.ts'

/** A stem in a smaller share of abstracts is as rare as one that was never seen. */
const leastShare = 0.004
const documentSchema = z.object({
  title: z.string().optional(),
  abstract: z.string().optional(),
  text: z.string().optional(),
  sentences: z.array(z.string()).optional(),
})
/** SciFact is large and of one field: every fourth of its abstracts is as much as the others have. */
const sets = [
  { file: 'scifact/corpus.jsonl', every: 4 },
  { file: 'retrieval/cisi_corpus.jsonl', every: 1 },
  { file: 'clustering/arxiv8.jsonl', every: 1 },
  { file: 'evidence/csabstruct_dev.jsonl', every: 1 },
]

/** Share of abstracts in which each stem stands, stems in few left out. */
export function countFrequencies(labelledSets: string): Map<string, number> {
  const counts = new Map<string, number>()
  let abstracts = 0
  for (const { file, every } of sets) {
    for (const [index, document] of readLines(resolve(labelledSets, file), documentSchema).entries()) {
      if (index % every > 0) continue
      const { title = '', abstract = '', text = '', sentences = [] } = document
      const stems = new Set(tokenize([title, abstract, text, ...sentences].join(' '), { compounds: false }))
      for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1)
      abstracts++
    }
  }
  const shares = [...counts].map(([stem, count]): [string, number] => [stem, count / abstracts])
  return new Map(shares.filter(([stem, share]) => share >= leastShare && /^\p{L}/u.test(stem)))
}

if (import.meta.main) {
  const labelledSets = process.argv[2]
  if (labelledSets === undefined)
    throw new Error('usage: node bench/training/background-frequency.ts <labelled sets>')
  const levels: string[][] = []
  for (const [stem, share] of countFrequencies(labelledSets)) {
    const index = Math.round(-2 * Math.log2(share))
    levels[index] ??= []
    levels[index].push(stem)
  }
  const lines = levels.flatMap((stems, index) => (stems ? [`${index / 2} ${stems.sort().join(' ')}`] : []))
  writeFileSync(
    resolve(import.meta.dirname, '../../src/analysts/extractive/background-frequency.ts'),
    `/**
 * How common stems are in abstracts of many fields: each line is -log2 of the share of abstracts, then the stems.
 * Counted by \`node bench/training/background-frequency.ts <labelled sets>\` on SciFact, CISI, arXiv and CSAbstruct.
 */
export const backgroundFrequency = \`
${lines.join('\n')}
\`
`,
  )
}
