import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { splitSentences } from '../../src/methods/text/sentences.ts'
import type { Measure } from './measure.ts'

const passageSchema = z.object({ text: z.string(), sentences: z.array(z.string()) })
const abstractSchema = z.object({ sentences: z.array(z.string()) })

/**
 * Boundary F1 of {@link splitSentences}: a boundary is an offset, in units that are not white space, at which a sentence
 * ends within a passage; the end of the passage, which nobody can miss, does not count. Precision and recall are
 * taken over the boundaries of all passages together.
 */
export async function measureSentences(labelledSets: string): Promise<Measure[]> {
  const tricky = readLines(join(labelledSets, 'evidence/sentence_split_tricky.jsonl'), passageSchema)
  const abstracts = readLines(join(labelledSets, 'evidence/csabstruct_dev.jsonl'), abstractSchema).map(
    ({ sentences }) => ({ text: sentences.join(' '), sentences }),
  )
  return [
    {
      task: 'sentences',
      set: `tricky passages (${tricky.length})`,
      metric: 'boundary F1',
      value: boundaryF1(tricky),
      atLeast: 0.95,
      excellent: 0.98,
      published: 'Intl.Segmenter with rules 0.95, sbd 0.89 (own trials)',
    },
    {
      task: 'sentences',
      set: `CSAbstruct dev (${abstracts.length} abstracts)`,
      metric: 'boundary F1',
      value: boundaryF1(abstracts),
    },
  ]
}

function readLines<T>(file: string, schema: z.ZodType<T>): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)))
}

function boundaryF1(passages: readonly { text: string; sentences: readonly string[] }[]): number {
  let found = 0
  let expected = 0
  let both = 0
  for (const { text, sentences } of passages) {
    const truth = boundaries(sentences)
    const own = boundaries(splitSentences(text).map(({ start, end }) => text.slice(start, end)))
    expected += truth.size
    found += own.size
    for (const end of own) if (truth.has(end)) both++
  }
  return (2 * both) / (found + expected)
}

/** Ends of all sentences but the last, counted without white space. */
function boundaries(sentences: readonly string[]): Set<number> {
  const ends = new Set<number>()
  let at = 0
  for (const sentence of sentences.slice(0, -1)) {
    at += sentence.replaceAll(/\s+/g, '').length
    ends.add(at)
  }
  return ends
}
