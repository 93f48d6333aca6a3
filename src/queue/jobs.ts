import { z } from 'zod'

/** `sessions` holds the spine of each review; the others hold the work, by what binds it: the network, PDFs, judgement. */
export const queueNames = ['sessions', 'search', 'documents', 'analysis'] as const
export type QueueName = (typeof queueNames)[number]

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

/** The spine of a review: goes through the steps of the pipeline. `run` is 1, and one more with each resumption. */
export const reviewJob = defineJob({
  name: 'review',
  queue: 'sessions',
  payload: z.object({ session: z.string(), run: z.number().int().positive() }),
  attempts: 8,
  backoff: 1000,
})

/** A task of a review, as a job carries it: which run of which session, what kind of work, on which item. */
export const taskPayloadSchema = z.object({
  session: z.string(),
  run: z.number().int().positive(),
  kind: z.string(),
  item: z.string(),
  /** The item as a person knows it. */
  label: z.string(),
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
} as const

/** A question about a finished review, answered from its evidence into a message of a conversation. */
export const answerJob = defineJob({
  name: 'answer',
  queue: 'analysis',
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
