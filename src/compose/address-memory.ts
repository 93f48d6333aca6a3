import { z } from 'zod'
import type { Cache } from '../cache/cache.ts'
import { documentFailureSchema, documentIdSchema } from '../contract/document.ts'
import type { AddressMemory } from '../pipeline/read/archive.ts'

const outcomeSchema = z.union([
  z.object({ document: documentIdSchema }),
  z.object({
    refused: z.object({
      ok: z.literal(false),
      failure: documentFailureSchema,
      leadsTo: z.array(z.string()).optional(),
    }),
  }),
])

/** A refusal may be mended soon, so it is remembered for a shorter time than a document: an hour, in milliseconds. */
const refusalsLast = 3_600_000

/** Remembers in the deployment's cache what addresses of full texts gave. */
export function addressMemory(cache: Cache): AddressMemory {
  return {
    async recall(url) {
      const known = outcomeSchema.safeParse(await cache.get('pdf_pages_cache', url))
      if (!known.success) return undefined
      if ('document' in known.data) return known.data
      const { leadsTo, ...refused } = known.data.refused
      return { refused: leadsTo === undefined ? refused : { ...refused, leadsTo } }
    },
    remember: (url, outcome) =>
      cache.set('pdf_pages_cache', url, outcome, 'refused' in outcome ? { ttl: refusalsLast } : {}),
  }
}
