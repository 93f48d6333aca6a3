import { z } from 'zod'
import type { BibliographicRecord } from '../../contract/paper.ts'
import type { Service } from '../../upstream/upstream.ts'
import { jsonOf, text, usable } from '../live/answers.ts'
import { booleanQuery, quoted, type SearchTerms, withinLimits } from '../live/query.ts'
import {
  createSearchSource,
  type LiveSourceOptions,
  type SearchItem,
  usualLimit,
} from '../live/search-source.ts'
import type { Source } from '../source.ts'
import { europepmcRecord, resultSchema } from './europepmc-result.ts'

const pageSchema = z.object({
  hitCount: z.number(),
  nextCursorMark: text,
  resultList: z.object({ result: z.array(z.unknown()) }),
})

/** Ten requests a second is what its users report as safe; it documents none. */
export const europepmcService: Service = {
  name: 'europepmc',
  title: 'Europe PMC',
  limits: [{ name: 'requests', max: 10, window: 1_000 }],
  patience: 30_000,
  timeout: 60_000,
  attempts: 4,
  guarded: false,
}

/** The service gives 1,000 at once; with abstracts and addresses, half of that stays well below the largest answer. */
const largestPage = 500
const longestEncoded = 5_000

/** Europe PMC as a source: up to 500 works in a request, preprints among them. */
export function createEuropePmcSource({
  upstream,
  endpoint = 'https://www.ebi.ac.uk',
  limit = usualLimit,
}: LiveSourceOptions): Source<SearchItem> {
  async function search(terms: SearchTerms, signal?: AbortSignal): Promise<BibliographicRecord[]> {
    const found = new Map<string, BibliographicRecord>()
    const pageSize = Math.min(limit, largestPage)
    let cursorMark: string | undefined = '*'
    while (cursorMark !== undefined && found.size < limit) {
      const parameters = {
        query: europepmcQuery(terms),
        format: 'json',
        resultType: 'core',
        pageSize: `${pageSize}`,
        cursorMark,
      }
      const url = `${endpoint}/europepmc/webservices/rest/search?${new URLSearchParams(parameters)}`
      const response = await upstream.request({ service: europepmcService, url, cache: 'search', signal })
      const page: z.infer<typeof pageSchema> = jsonOf(europepmcService, response, pageSchema)
      const { result } = page.resultList
      for (const record of usable(europepmcService, result, readResult)) found.set(record.key, record)
      // The last page has no mark, or the one that it was asked with.
      const more: boolean = result.length === pageSize && page.nextCursorMark !== cursorMark
      cursorMark = more ? (page.nextCursorMark ?? undefined) : undefined
    }
    return [...found.values()].slice(0, limit)
  }

  return createSearchSource({ name: 'europepmc', limit, translate: europepmcQuery, search })
}

/**
 * The terms in Europe PMC's language (europepmc.org/searchsyntax): every concept, in any of its words, in title or
 * abstract, and the years. Too long a query loses synonyms first.
 */
export function europepmcQuery(terms: SearchTerms): string {
  return write(withinLimits(terms, (fewer) => encodeURIComponent(write(fewer)).length <= longestEncoded))
}

function write({ concepts, since, until }: SearchTerms): string {
  const words = booleanQuery({ concepts }, (phrase) => `TITLE_ABS:${quoted(phrase)}`)
  if (since === undefined && until === undefined) return words
  return `(${words}) AND PUB_YEAR:[${since ?? 1500} TO ${until ?? 2100}]`
}

function readResult(result: unknown): BibliographicRecord | undefined {
  const read = resultSchema.safeParse(result)
  return read.success ? europepmcRecord(read.data) : undefined
}
