import { z } from 'zod'
import { pageQuerySchema } from './paging.ts'

/** The largest number that an event can have: the database counts in 32 bits. */
const largestSequence = 2 ** 31 - 1
const sequenceSchema = z.coerce.number().int().min(0).max(largestSequence)

/** From where on a session's events are asked for. */
export const eventQuerySchema = z.object({
  after: sequenceSchema.optional().meta({ description: 'Begin after the event of this number. Default: 0.' }),
  limit: pageQuerySchema.shape.limit.meta({ description: 'Of one page; a stream has no limit.' }),
})

/** The same as a browser says it when it connects again; it counts before `after`. */
export const eventHeadersSchema = z.object({
  'last-event-id': sequenceSchema
    .optional()
    .meta({ description: 'Number of the last event that was received.' }),
})
