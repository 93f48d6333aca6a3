import type { z } from 'zod'
import type { PaperSearchAnswer, paperSearchQuerySchema } from '../../contract/api/search.ts'
import type { Caller } from '../../contract/caller.ts'
import { snippetOf } from '../../methods/text/snippet.ts'
import { type PaperPlace, papersWithWords } from '../../store/paper-search.ts'
import type { Deployment } from '../deployment.ts'
import { nameOfPlace, placeNamed, stemsAsked } from './places.ts'

/** Of a paper's sessions so many are named. */
const mostSessions = 20

/**
 * Searches the titles and abstracts of every paper that reviews have found, read or not: an administrator's, those of all; others',
 * those of sessions of theirs or shared with them.
 * @throws {SheafError} `invalid_input` for a place that no search has given
 */
export async function searchPapers(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  { q, limit, after }: z.infer<typeof paperSearchQuerySchema>,
): Promise<PaperSearchAnswer> {
  const viewer = caller.scope === 'admin' ? 'everything' : { visibleTo: caller.user }
  const page = { after: paperPlace(after), limit: limit + 1, mostSessions }
  const found = await papersWithWords(sql, q, viewer, page)
  const stems = stemsAsked(q)
  const last = found.length > limit ? found[limit - 1] : undefined
  return {
    items: found.slice(0, limit).map(({ fields, document, ...hit }) => ({
      ...hit,
      title: fields.title,
      authors: fields.authors,
      ...(fields.year !== undefined && { year: fields.year }),
      ...(document !== null && { document }),
      snippet: snippetOf(fields.abstract ?? fields.title, stems),
    })),
    ...(last && { next: nameOfPlace(last.score, last.paper) }),
  }
}

function paperPlace(name: string | undefined): PaperPlace | undefined {
  if (name === undefined) return undefined
  const { score, id } = placeNamed(name, /^p[0-9a-f]{12}$/)
  return { score, paper: id }
}
