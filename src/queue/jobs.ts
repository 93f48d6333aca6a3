import { z } from 'zod'

/** `sessions` holds the spine of each review; the others hold the work, by what binds it: the network, PDFs, judgement. */
export const queueNames = ['sessions', 'search', 'documents', 'analysis'] as const
export type QueueName = (typeof queueNames)[number]

/** A kind of job, whose payload always names its session: light enough to be imported by who adds it; what it does is bound by the worker. */
export interface JobDefinition<Payload> {
  readonly name: string
  readonly queue: QueueName
  readonly payload: z.ZodType<Payload>
  /** How often it is tried when it fails with a retryable error. Any other failure is final at once. */
  readonly attempts: number
  /** Wait before the second attempt; doubles with each further one. Milliseconds. */
  readonly backoff: number
}

function defineJob<Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return definition
}

/** The spine of a review: goes through the steps of the pipeline. `run` is 1, and one more with each resumption. */
export const reviewJob = defineJob({
  name: 'review',
  queue: 'sessions',
  payload: z.object({ session: z.string(), run: z.number().int().positive() }),
  attempts: 8,
  backoff: 1000,
})

/** Fetches one item of a source. */
export const collectJob = defineJob({
  name: 'collect',
  queue: 'search',
  payload: z.object({
    session: z.string(),
    source: z.string(),
    item: z.looseObject({ reference: z.string() }),
  }),
  attempts: 5,
  backoff: 2000,
})

/** Reads the full text of one paper. */
export const readJob = defineJob({
  name: 'read',
  queue: 'documents',
  payload: z.object({ session: z.string(), paper: z.string() }),
  attempts: 3,
  backoff: 1000,
})

/** Screens a batch of papers. */
export const screenJob = defineJob({
  name: 'screen',
  queue: 'analysis',
  payload: z.object({ session: z.string(), batch: z.number().int(), papers: z.array(z.string()) }),
  attempts: 5,
  backoff: 2000,
})

/** Extracts the evidence of one paper. */
export const extractJob = defineJob({
  name: 'extract',
  queue: 'analysis',
  payload: z.object({ session: z.string(), paper: z.string() }),
  attempts: 5,
  backoff: 2000,
})

/** Makes the claims of one theme. */
export const claimsJob = defineJob({
  name: 'claims',
  queue: 'analysis',
  payload: z.object({ session: z.string(), theme: z.string() }),
  attempts: 5,
  backoff: 2000,
})

/** Audits the claims of one theme. */
export const auditJob = defineJob({
  name: 'audit',
  queue: 'analysis',
  payload: z.object({ session: z.string(), theme: z.string() }),
  attempts: 5,
  backoff: 2000,
})
