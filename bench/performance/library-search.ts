import { type Content, contentOf } from '../../lab/corpus/content.ts'
import { type Corpus, createCorpus } from '../../lab/corpus/corpus.ts'
import { searchQuerySchema } from '../../src/contract/api/search.ts'
import type { Page } from '../../src/contract/document.ts'
import { searchLibrary } from '../../src/session/search/search-library.ts'
import type { Sql } from '../../src/store/database.ts'
import { storeDocument } from '../../src/store/documents.ts'
import { documentNamed, storeReader, withoutModel } from '../../test/support/search.ts'
import type { Figure } from './figure.ts'
import { openStage, secondsOf, together } from './stage.ts'

const leastPages = 20_000
const questions = 30
/** Of a page set in two columns, in characters. */
const pageLength = 3_400
const reader = { user: 'ada', scope: 'read' } as const

/** Searching 20,000 pages of which the caller may see nine tenths, one search after another. */
export async function librarySearch(): Promise<Figure[]> {
  const corpus = createCorpus({ seed: 5, papers: 10_000 })
  const figures: Figure[] = []
  for (const kind of ['pglite', 'postgres'] as const) {
    const stage = await openStage(kind)
    if (stage === undefined) continue
    const { sql } = stage
    let pages = 0
    let papers = 0
    const storing = await secondsOf(async () => {
      while (pages < leastPages) {
        const some = Array.from({ length: 50 }, () => papers++)
        await together(some, 4, async (index) => {
          const stored = await storePaper(sql, corpus, index)
          pages += stored
        })
      }
    })
    await storeReader(
      sql,
      'a1',
      reader.user,
      Array.from({ length: papers }, (_, index) => `${index}`).filter((_, index) => index % 10 > 0),
    )
    figures.push(
      { name: `${kind}: pages`, value: pages, unit: 'pages', atLeast: leastPages },
      { name: `${kind}: storing a page`, value: (storing / pages) * 1000, unit: 'ms' },
    )
    for (const mode of ['text', 'meaning'] as const) {
      const times: number[] = []
      let found = 0
      for (let index = 0; index < questions; index++) {
        const query = searchQuerySchema.parse({ q: asked(corpus, index * 7, mode), mode })
        times.push(
          await secondsOf(async () => {
            found += Math.min(1, (await searchLibrary(withoutModel(sql), reader, query)).items.length)
          }),
        )
      }
      figures.push(
        { name: `${kind}: ${mode}, median`, value: percentile(times, 0.5) * 1000, unit: 'ms' },
        { name: `${kind}: ${mode}, 95th percentile`, value: percentile(times, 0.95) * 1000, unit: 'ms' },
        { name: `${kind}: ${mode}, answered`, value: found, unit: 'searches', atLeast: questions },
      )
    }
    await stage.close()
  }
  return figures
}

async function storePaper(sql: Sql, corpus: Corpus, index: number): Promise<number> {
  const texts = pagesOf(contentOf(corpus, corpus.paper(index)))
  const pages = texts.map(
    (text, at): Page => ({
      number: at + 1,
      width: 595,
      height: 842,
      text,
      lines: [],
      boxes: new Uint8Array(),
    }),
  )
  const id = documentNamed(`${index}`)
  await storeDocument(sql, { id, byteLength: 1, pages, metadata: {}, pageFailures: [] })
  return pages.length
}

function pagesOf({ abstract, sections, references }: Content): string[] {
  const paragraphs = [
    abstract,
    ...sections.flatMap(({ heading, paragraphs }) => [
      heading,
      ...paragraphs.map(({ sentences }) => sentences.map(({ text }) => text).join(' ')),
    ]),
    ...references,
  ]
  const pages: string[] = []
  for (const paragraph of paragraphs) {
    const last = pages.at(-1)
    if (last === undefined || last.length + paragraph.length > pageLength) pages.push(paragraph)
    else pages[pages.length - 1] = `${last}\n${paragraph}`
  }
  return pages
}

function asked(corpus: Corpus, index: number, mode: 'text' | 'meaning'): string {
  const { subject, outcome, setting, method } = corpus.paper(index).matter
  return mode === 'text' ? `${subject} ${outcome}` : `Does ${method} improve ${outcome} in ${setting}?`
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1]!
}
