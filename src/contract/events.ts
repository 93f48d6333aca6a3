import { z } from 'zod'
import { gateNameSchema } from './gates.ts'

/** The phases of a review, in their order. */
export const phases = [
  'plan',
  'collect',
  'merge',
  'screen',
  'chase',
  'read',
  'extract',
  'themes',
  'claims',
  'audit',
  'gaps',
  'report',
] as const
export const phaseSchema = z.enum(phases)
export type Phase = z.infer<typeof phaseSchema>

/**
 * What a session may be doing. `waiting`: for a person's approval. `interrupted`: its process stopped before the end;
 * resuming goes on where it was.
 */
export const sessionStatuses = [
  'queued',
  'running',
  'waiting',
  'interrupted',
  'finished',
  'failed',
  'cancelled',
] as const
export type SessionStatus = (typeof sessionStatuses)[number]

/** What happens to a session, as it is stored and then shown: on a terminal, as JSON lines, as server-sent events. */
export const sessionEventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('session.created'), question: z.string() }),
  z.object({ type: z.literal('session.resumed') }),
  z.object({ type: z.literal('phase.started'), phase: phaseSchema }),
  z.object({
    type: z.literal('phase.progress'),
    phase: phaseSchema,
    done: z.number().int(),
    /** Absent while it is not known yet. */
    total: z.number().int().optional(),
  }),
  z.object({
    type: z.literal('phase.finished'),
    phase: phaseSchema,
    /** What came out, as counts with the field's own names ("papers", "core", "spans"). */
    counts: z.record(z.string(), z.number()),
  }),
  z.object({ type: z.literal('item.failed'), phase: phaseSchema, item: z.string(), message: z.string() }),
  /** Work stands still for somebody else's limit; it goes on by itself. */
  z.object({
    type: z.literal('item.waiting'),
    phase: phaseSchema,
    item: z.string(),
    /** What is waited for: `arXiv`, `openai`. */
    waitsFor: z.string(),
    reason: z.string(),
    until: z.iso.datetime(),
  }),
  /** A task was judged without a model, because none could be asked. */
  z.object({ type: z.literal('analyst.fallback'), task: z.string(), reason: z.string() }),
  z.object({ type: z.literal('approval.required'), gate: gateNameSchema, message: z.string().optional() }),
  /** A question about the finished review has its answer: this message of this conversation. */
  z.object({ type: z.literal('answer.ready'), conversation: z.string(), message: z.number().int() }),
  z.object({ type: z.literal('session.finished'), report: z.string() }),
  z.object({ type: z.literal('session.failed'), message: z.string(), advice: z.string().optional() }),
  z.object({ type: z.literal('session.interrupted') }),
  z.object({ type: z.literal('session.cancelled') }),
])
export type SessionEventBody = z.infer<typeof sessionEventBodySchema>

/** An event with its place in the session's sequence (1, 2, 3, … without gaps) and the time it was stored. */
export const sessionEventSchema = z.object({
  session: z.string(),
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  body: sessionEventBodySchema,
})
export type SessionEvent = z.infer<typeof sessionEventSchema>
