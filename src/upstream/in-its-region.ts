import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Cache } from '../cache/cache.ts'
import { ElsewhereError, SheafError, WaitingError } from '../errors.ts'
import { journeyAtHand } from '../regions/journey.ts'
import type { Regions } from '../regions/regions.ts'
import type { Service, UpstreamResponse } from './upstream.ts'

/** A request as its region's answer is remembered under. */
interface RegionalRequest {
  readonly service: Service
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

const kind = 'elsewhere'
/** Larger answers are papers, which are kept in another place as soon as they are had. In bytes. */
const largest = 1_000_000

const outcomeSchema = z.union([
  z.object({
    response: z.object({
      status: z.number(),
      headers: z.record(z.string(), z.string()),
      body: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
      url: z.string(),
      cached: z.boolean(),
    }),
  }),
  z.object({ failed: z.string() }),
  z.object({ waits: z.string(), until: z.date(), outage: z.boolean() }),
])
type Outcome = z.infer<typeof outcomeSchema>

/**
 * Sends a request in the region where its service or host is asked. What it gave there, a redirect or a failure too, is kept for the
 * job that asked: when that goes on elsewhere, it need not come back for it.
 * @throws {ElsewhereError} when the job at hand has to go there first
 */
export async function inItsRegion(
  { regions, cache }: { readonly regions: Regions; readonly cache: Cache },
  request: RegionalRequest,
  send: () => Promise<UpstreamResponse>,
): Promise<UpstreamResponse> {
  const { service, url } = request
  const place = regions.placeOf({ service: service.name, host: url.hostname })
  if (!place) return send()
  const key = keyOf(request)
  if (!place.isHere) {
    const known = outcomeSchema.safeParse(await cache.get(kind, key))
    if (!known.success) throw new ElsewhereError(service.title, place.region)
    return again(service, place.region, known.data)
  }
  const keep = (outcome: Outcome) => cache.set(kind, key, outcome)
  try {
    const response = await send()
    if (response.body.length <= largest) await keep({ response })
    return response
  } catch (thrown) {
    if (WaitingError.isInstance(thrown))
      await keep({ waits: thrown.message, until: thrown.until, outage: thrown.outage })
    else if (SheafError.isInstance(thrown) && thrown.code === 'upstream_failed')
      await keep({ failed: thrown.message })
    throw thrown
  }
}

function again({ title }: Service, region: string, outcome: Outcome): UpstreamResponse {
  if ('response' in outcome) return outcome.response
  if ('failed' in outcome) throw new SheafError('upstream_failed', outcome.failed)
  const { waits, until, outage } = outcome
  if (until.getTime() > Date.now()) throw new WaitingError(title, until, waits, { outage })
  throw new ElsewhereError(title, region)
}

/** Addresses may hold keys, so only their hash is kept. */
function keyOf({ service, url, method, headers, body }: RegionalRequest): string {
  const job = journeyAtHand()?.job ?? ''
  const asked = JSON.stringify([job, method, url.href, headers.accept, body])
  return `${service.name}/${createHash('sha256').update(asked).digest('hex')}`
}
