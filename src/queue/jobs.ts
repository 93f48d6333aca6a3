import { z } from 'zod'

/**
 * `sessions` holds the spine of each review; the others hold the work, by what binds it: `search` the services' terms,
 * `documents` hosts and memory, `analysis` a judgement of each paper (a model's limits, or the processor), `synthesis` what is
 * done once for a review or a theme. Each is a pool of its own: it scales and fails alone.
 */
export const queueNames = ['sessions', 'search', 'documents', 'analysis', 'synthesis'] as const
export type QueueName = (typeof queueNames)[number]
/** Queues whose jobs can go on in another region; a spine asks nobody. */
export const regionalQueues: readonly QueueName[] = queueNames.filter((name) => name !== 'sessions')

/** The jobs of a queue that one region is to do: `documents@eu`. */
export type RegionQueueName = `${QueueName}@${string}`

/** A region's part of a queue; without region, the queue that all regions take. */
export function regionQueue(name: QueueName, region?: string): QueueName | RegionQueueName {
  return region === undefined ? name : `${name}@${region}`
}

/** A kind of job, whose payload names its session if it has one: light enough to be imported by who adds it; what it does is bound by the worker. */
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

/** How many reviews its owner had at work when this one was taken on: the tasks of the first come before those of the tenth. */
const rankSchema = z.number().int().nonnegative().default(0)

/** The spine of a review: goes through the steps of the pipeline. `run` is 1, and one more with each resumption. */
export const reviewJob = defineJob({
  name: 'review',
  queue: 'sessions',
  payload: z.object({ session: z.string(), run: z.number().int().positive(), rank: rankSchema }),
  attempts: 8,
  backoff: 1000,
})

export type ReviewPayload = z.infer<typeof reviewJob.payload>

/** A task of a review, as a job carries it: which run of which session, what kind of work, on which item. */
export const taskPayloadSchema = z.object({
  session: z.string(),
  run: z.number().int().positive(),
  kind: z.string(),
  item: z.string(),
  /** The item as a person knows it. */
  label: z.string(),
  /** The item's place among those of its review, from 1: what follows from it keeps that place. */
  position: z.number().int().positive().default(1),
  rank: rankSchema,
})
export type TaskPayload = z.infer<typeof taskPayloadSchema>

/** The job that does tasks, on each queue. */
export const taskJobs = {
  search: defineJob({
    name: 'task',
    queue: 'search',
    payload: taskPayloadSchema,
    attempts: 5,
    backoff: 2000,
  }),
  documents: defineJob({
    name: 'task',
    queue: 'documents',
    payload: taskPayloadSchema,
    attempts: 3,
    backoff: 1000,
  }),
  analysis: defineJob({
    name: 'task',
    queue: 'analysis',
    payload: taskPayloadSchema,
    attempts: 5,
    backoff: 2000,
  }),
  synthesis: defineJob({
    name: 'task',
    queue: 'synthesis',
    payload: taskPayloadSchema,
    attempts: 5,
    backoff: 2000,
  }),
} as const

/** A question about a finished review, answered from its evidence into a message of a conversation. */
export const answerJob = defineJob({
  name: 'answer',
  queue: 'synthesis',
  payload: z.object({
    session: z.string(),
    conversation: z.string(),
    /** Number of the message that will hold the answer. */
    answer: z.number().int().positive(),
    question: z.string(),
  }),
  attempts: 5,
  backoff: 2000,
})
export type AnswerPayload = z.infer<typeof answerJob.payload>

/** Embeds the passages that have no vector yet, of all documents. */
export const embedJob = defineJob({
  name: 'embed',
  queue: 'search',
  payload: z.object({}),
  attempts: 5,
  backoff: 2000,
})
