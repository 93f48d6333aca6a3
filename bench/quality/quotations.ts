import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ReadDocument } from '../../src/contract/document.ts'
import { createReader } from '../../src/documents/reader.ts'
import { type DocumentIndex, indexDocument } from '../../src/evidence/document-index.ts'
import { quotationHolds } from '../../src/evidence/holds.ts'
import { locateQuotation } from '../../src/evidence/locate.ts'
import { readable } from '../../src/evidence/readable.ts'
import { splitSentences } from '../../src/methods/text/sentences.ts'
import type { Measure } from './measure.ts'
import { type Mutation, mutations } from './mutations.ts'

/** A sentence of a page as it would be quoted. */
interface Sentence {
  page: number
  quotation: string
}

const folders = ['open-education', 'statistics', 'mixed', 'replication']

/**
 * Whether quotations are found where they stand and only there, on real papers: of all sentences, the share located on
 * their own page and held by {@link quotationHolds}; of those that a second program (pdftotext, where it is installed)
 * read from the same files, the share located; of quotations with one change in them, the share that was located on the
 * sentence it was made from although it reads otherwise.
 */
export async function measureQuotations(labelledSets: string): Promise<Measure[]> {
  const papers = join(labelledSets, '../papers')
  await using reader = createReader({ threads: 1 })
  const own = { all: 0, found: 0 }
  const foreign = { all: 0, found: 0 }
  const prose = { all: 0, found: 0 }
  const changed = new Map<Mutation, { all: number; found: number }>()
  for (const folder of folders) {
    for (const name of readdirSync(join(papers, folder)).sort()) {
      const path = join(papers, folder, name)
      const outcome = await reader.read(path)
      if (!outcome.ok) continue
      const index = indexDocument(outcome.document)
      const sentences = outcome.document.pages.flatMap(({ number, text }) => sentencesOf(number, text))
      countOwn(outcome.document, index, sentences, own)
      countChanged(index, sentences, changed)
      for (const { page, quotation } of await sentencesByPdftotext(path)) {
        const found = locateQuotation(quotation, index, { page })?.ranges[0]?.page === page
        count(foreign, found)
        if (isProse(quotation)) count(prose, found)
      }
    }
  }
  const rate = (tally: { all: number; found: number }): number => tally.found / tally.all
  const measure = (set: string, metric: string, tally: { all: number; found: number }): Measure => ({
    task: 'quotations',
    set: `${set} (${tally.all})`,
    metric,
    value: rate(tally),
  })
  return [
    { ...measure('sentences of the papers', 'found where they stand', own), atLeast: 1, excellent: 1 },
    ...(foreign.all === 0
      ? []
      : [
          measure('sentences by pdftotext', 'found on their page', foreign),
          measure('the same without formulas', 'found on their page', prose),
        ]),
    ...[...changed].map(([mutation, tally]) =>
      measure(`quotations with ${mutation}`, 'false matches', tally),
    ),
  ]
}

function count(tally: { all: number; found: number }, found: boolean): void {
  tally.all++
  if (found) tally.found++
}

function sentencesOf(page: number, text: string): Sentence[] {
  return splitSentences(text)
    .map(({ start, end }) => ({ page, quotation: readable(text.slice(start, end)) }))
    .filter(
      ({ quotation }) =>
        quotation.length <= 600 &&
        quotation.split(' ').length >= 8 &&
        (quotation.match(/\p{L}/gu) ?? []).length >= 20 &&
        /^[\p{Lu}“"(].*[.?!]["”)]*$/su.test(quotation),
    )
}

function countOwn(
  document: ReadDocument,
  index: DocumentIndex,
  sentences: readonly Sentence[],
  tally: { all: number; found: number },
): void {
  for (const { page, quotation } of sentences) {
    const locator = locateQuotation(quotation, index, { page })
    const there = locator?.ranges[0]?.page === page
    count(tally, there && quotationHolds({ quotation, locator }, document.pages) === true)
  }
}

/** A changed quotation is falsely matched if it is located where the sentence stands that it was made from. */
function countChanged(
  index: DocumentIndex,
  sentences: readonly Sentence[],
  tallies: Map<Mutation, { all: number; found: number }>,
): void {
  const words = sentences.flatMap(({ quotation }) => quotation.match(/\b[a-z]{5,}\b/g) ?? [])
  for (const { page, quotation } of sentences) {
    const truth = locateQuotation(quotation, index, { page })?.ranges[0]
    if (!truth) continue
    for (const { mutation, changed } of mutations(quotation, words)) {
      const located = locateQuotation(changed, index, { page })?.ranges[0]
      const tally = tallies.get(mutation) ?? { all: 0, found: 0 }
      tallies.set(mutation, tally)
      count(
        tally,
        located !== undefined &&
          located.page === truth.page &&
          located.start < truth.end &&
          truth.start < located.end,
      )
    }
  }
}

async function sentencesByPdftotext(path: string): Promise<Sentence[]> {
  try {
    const { stdout } = await promisify(execFile)('pdftotext', ['-enc', 'UTF-8', path, '-'], {
      maxBuffer: 2 ** 28,
    })
    return stdout.split('\f').flatMap((text, index) => sentencesOf(index + 1, text))
  } catch {
    return []
  }
}

/** Whether a sentence is words and plain numbers only; programs lay out formulas in different orders. */
function isProse(quotation: string): boolean {
  return (
    /^[\p{L}\s\d.,;:'"“”‘’()[\]?!–—%/-]+$/u.test(quotation) &&
    !/\p{Script=Greek}/u.test(quotation) &&
    !/(?<![\p{L}\d])(?![AaI]\b|[e-]\.?[gi]\b)[\p{L}](?![\p{L}\d'’])/u.test(quotation)
  )
}
