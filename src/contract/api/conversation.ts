import { z } from 'zod'
import { gateSchema } from '../gates.ts'
import { planSchema } from '../plan.ts'
import { acceptedSchema, longestQuestion, reviewRequestSchema, sessionIdSchema } from './session.ts'

/**
 * What a message can be: a question that starts a review, an edit or approval of its plan, an answer to what it waits for,
 * or a question about a review that is finished.
 */
export const messageKinds = ['question', 'plan', 'gate', 'follow_up'] as const
export type MessageKind = (typeof messageKinds)[number]

/** A message that a person sends. Without `kind`, the state of the conversation's review decides what it is. */
export const newMessageSchema = z
  .strictObject({
    kind: z.enum(messageKinds).optional(),
    text: z.string().trim().max(longestQuestion).default(''),
    /** For a question: how the review is set up. */
    settings: reviewRequestSchema.optional(),
    /** For a plan: the edited one; without it the plan is approved as it is. */
    plan: planSchema.optional(),
    /** For a gate. */
    state: z.enum(['approved', 'rejected']).optional(),
    answer: gateSchema.shape.answer,
    /** Which of the conversation's reviews is meant; the last one where it is left out. */
    session: sessionIdSchema.optional(),
  })
  .meta({ id: 'NewMessage' })
export type NewMessage = z.infer<typeof newMessageSchema>

/** A sentence of an answer, and the quotations that it rests on. */
export const answeredSentenceSchema = z.object({
  text: z.string(),
  citations: z.array(
    z.object({
      span: z.string(),
      paperId: z.string(),
      /** As a sentence names the paper: "Page et al. (2021)". */
      reference: z.string(),
      quotation: z.string(),
      document: z.string(),
      page: z.int(),
    }),
  ),
})
export type AnsweredSentence = z.infer<typeof answeredSentenceSchema>

/** What a message holds, as it is stored. */
export const messageValueSchema = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('person'),
    kind: z.enum(messageKinds),
    text: z.string(),
    /** The job that does what it asks for. */
    job: z.string().optional(),
  }),
  z.object({
    role: z.literal('sheaf'),
    /** Number of the message that is answered. */
    answers: z.int(),
    /** `answered` from the review's evidence; `silent` where the reviewed papers do not say. */
    state: z.enum(['pending', 'answered', 'silent', 'failed']),
    /** The whole answer as text; empty while it is pending. */
    text: z.string(),
    sentences: z.array(answeredSentenceSchema),
  }),
])
export type MessageValue = z.infer<typeof messageValueSchema>

/** A message of a conversation. */
export const messageSchema = z
  .object({
    number: z.int(),
    at: z.iso.datetime(),
    session: z.string().optional(),
    value: messageValueSchema,
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof messageSchema>

/** A conversation. */
export const conversationSchema = z
  .object({
    id: z.string(),
    owner: z.string(),
    title: z.string(),
    lastMessage: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Conversation' })
export type Conversation = z.infer<typeof conversationSchema>

/** Opens a conversation. */
export const newConversationSchema = z
  .strictObject({ title: z.string().trim().max(300).default('') })
  .meta({ id: 'NewConversation' })

/** What was accepted, and the number that the message has. */
export const acceptedMessageSchema = acceptedSchema
  .extend({
    message: z.int(),
    /** Number of the message that will hold the answer, for a question about a finished review. */
    answer: z.int().optional(),
  })
  .meta({ id: 'AcceptedMessage' })
export type AcceptedMessage = z.infer<typeof acceptedMessageSchema>
