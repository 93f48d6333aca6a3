import { z } from 'zod'
import { type Cache, cacheKinds } from '../cache/cache.ts'
import { documentFailureSchema, documentIdSchema } from '../contract/document.ts'
import type { AddressMemory, AddressOutcome } from '../pipeline/read/archive.ts'

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

const kind = 'pdf_pages_cache'
const ttl = (outcome: AddressOutcome) => ('refused' in outcome ? refusalsLast : cacheKinds[kind])
/** Where one review may not go, others may. */
const keep = (outcome: AddressOutcome) =>
  !('refused' in outcome) || outcome.refused.failure.code !== 'not_approved'

/** Remembers in the deployment's cache what addresses of full texts gave. */
export function addressMemory(cache: Cache): AddressMemory {
  const remember = async (url: string, outcome: AddressOutcome) => {
    if (keep(outcome)) await cache.set(kind, url, outcome, { ttl: ttl(outcome) })
  }
  return {
    remember,
    async recallOrAsk(url, ask, signal) {
      const known = outcomeSchema.safeParse(await cache.getOrSet(kind, url, ask, { ttl, keep, signal }))
      if (known.success) return outcomeOf(known.data)
      // Of another version of Sheaf.
      const outcome = await ask()
      await remember(url, outcome)
      return outcome
    },
  }
}

function outcomeOf(known: z.infer<typeof outcomeSchema>): AddressOutcome {
  if ('document' in known) return known
  const { leadsTo, ...refused } = known.refused
  return { refused: leadsTo === undefined ? refused : { ...refused, leadsTo } }
}
