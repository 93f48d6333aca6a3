import { createBm25 } from '../../methods/ranking/bm25.ts'
import { relevanceModel } from '../../methods/ranking/feedback.ts'
import { createIndex } from '../../methods/ranking/ranking.ts'
import { cutPassages } from '../../methods/text/passages.ts'
import { tokenize } from '../../methods/text/tokens.ts'
import { pagesWithStems, type SearchPlace, textsOfPages } from '../../store/search.ts'
import type { Viewer } from '../../store/viewers.ts'
import type { Deployment } from '../deployment.ts'
import type { Hit } from './search-library.ts'

/** So many pages are looked at for the question's own words, and for those that the best passages add. */
const ownPages = 80
const addedPages = 40
/** As in `methods/ranking/ranking.ts`. */
const wordParameters = { k1: 1.5, b: 0.75 }
/** Of a question so many different words are looked for. */
const mostStems = 40

interface PlacedPassage {
  readonly document: string
  readonly page: number
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Ranks passages by the question's words, by what their best passages say beside them (RM3), and by runs of characters.
 * The database gives the pages whose words are rarest; BM25 then ranks the passages on them.
 */
export async function searchByWords(
  { sql }: Pick<Deployment, 'sql'>,
  question: string,
  viewer: Viewer,
  { after, limit }: { after?: SearchPlace | undefined; limit: number },
): Promise<Hit[]> {
  const asked = new Map([...counted(tokenize(question))].slice(0, mostStems))
  if (asked.size === 0) return []
  const first = await passagesOf({ sql }, await pagesWithStems(sql, asked, viewer, ownPages))
  if (first.length === 0) return []
  const terms = first.map(({ text }) => counted(tokenize(text)))
  const index = createBm25(terms, wordParameters)
  const best = [...index.scores(asked)]
    .map((score, place) => ({ score, terms: terms[place]! }))
    .sort((a, b) => b.score - a.score)
  const wider = relevanceModel(asked, best, index.idf)
  const known = new Set(first.map(nameOf))
  const added = (await pagesWithStems(sql, wider, viewer, addedPages)).filter(
    (one) => !known.has(nameOf(one)),
  )
  const passages = [...first, ...(await passagesOf({ sql }, added))]
  const all = createIndex(passages.map(({ text }, place) => ({ id: String(place), title: '', body: text })))
  const ranked = all.rank(question, { feedback: true })
  return bestOfEach(ranked.map(({ id, score }) => ({ ...passages[Number(id)]!, score })))
    .filter(
      ({ score, document }) =>
        after === undefined || score < after.score || (score === after.score && document > after.document),
    )
    .slice(0, limit)
}

async function passagesOf(
  { sql }: Pick<Deployment, 'sql'>,
  pages: readonly { document: string; page: number }[],
): Promise<PlacedPassage[]> {
  const texts = await textsOfPages(sql, pages)
  return pages.flatMap((page, place) =>
    cutPassages(texts[place]!).map(({ start, end }) => ({
      ...page,
      start,
      end,
      text: texts[place]!.slice(start, end),
    })),
  )
}

/** Of each document its best passage, best first; equal ones by document. */
function bestOfEach(ranked: readonly (PlacedPassage & { score: number })[]): Hit[] {
  const best = new Map<string, Hit & { on: Set<number> }>()
  for (const { document, page, start, end, score } of ranked) {
    const known = best.get(document)
    if (known) known.on.add(page)
    else best.set(document, { document, page, pages: 1, score, passage: { start, end }, on: new Set([page]) })
  }
  return [...best.values()]
    .map(({ on, ...hit }) => ({ ...hit, pages: on.size }))
    .sort((a, b) => b.score - a.score || (a.document < b.document ? -1 : 1))
}

function counted(stems: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  return counts
}

function nameOf({ document, page }: { document: string; page: number }): string {
  return `${document}/${page}`
}
