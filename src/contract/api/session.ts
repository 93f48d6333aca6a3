import { z } from 'zod'
import { phaseSchema, sessionStatuses } from '../events.ts'
import { gateSchema } from '../gates.ts'
import { planSchema } from '../plan.ts'
import { analystChoices, sessionSettingsSchema } from '../settings.ts'
import { pageQuerySchema } from './paging.ts'

/** A session's name in an address. */
export const sessionIdSchema = z
  .string()
  .regex(/^[0-9a-z-]{1,64}$/, 'is no name of a session')
  .meta({ description: 'Name of the session.', example: '1kfw2y4-7m3p' })

/** A review as the API shows it. */
export const sessionViewSchema = z
  .object({
    id: z.string(),
    question: z.string(),
    status: z.enum(sessionStatuses),
    phase: phaseSchema.optional(),
    owner: z.string(),
    /** Folders of the server are shown to `admin` alone. */
    settings: z.record(z.string(), z.unknown()),
    plan: planSchema.optional(),
    planApproved: z.boolean(),
    error: z.object({ message: z.string(), advice: z.string().optional() }).optional(),
    outputFolder: z.string().optional(),
    run: z.int(),
    /** Number of its last event: follow from there to miss nothing. */
    lastEvent: z.int(),
    /** What it waits for beside its plan. */
    gate: gateSchema.optional(),
    /** Where it stands in the line of those that wait to be taken on, while it is `queued`. */
    queue: z
      .object({
        /** From 1: the next one. */
        position: z.int().positive(),
        /** When it is expected to be taken on, from how long the last reviews took. */
        expectedStart: z.iso.datetime().optional(),
      })
      .optional(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Session' })
export type SessionView = z.infer<typeof sessionViewSchema>

/** How a review may be set up through the API; what is left out is as the server's settings have it. */
export const reviewRequestSchema = z
  .strictObject({
    analyst: z.enum(analystChoices).optional(),
    /** Sources to search, by name. Default: the library where it holds papers, else the live sources that can be asked. */
    sources: z.array(z.string().min(1).max(50)).min(1).max(20).optional(),
    /** Folders on the server; `admin` only. Default: your uploaded papers, or the server's library. */
    libraryFolders: z.array(z.string().min(1).max(4096)).max(100).optional(),
    since: z.int().min(1000).max(3000).optional(),
    until: z.int().min(1000).max(3000).optional(),
    maxPapers: z.int().positive().max(100_000).optional(),
    maxRecords: z.int().positive().max(10_000).optional(),
    identifiers: z.array(z.string().min(1).max(2000)).max(1000).optional(),
    chase: sessionSettingsSchema.shape.chase.unwrap().optional(),
    allowed: sessionSettingsSchema.shape.allowed.unwrap().optional(),
    reviewPlan: z.boolean().optional(),
    /** Folder on the server for the report; `admin` only. */
    output: z.string().min(1).max(4096).optional(),
  })
  .meta({ id: 'ReviewRequest' })
export type ReviewRequest = z.infer<typeof reviewRequestSchema>

/** The longest question, in characters. */
export const longestQuestion = 4000
export const questionSchema = z.string().trim().min(1).max(longestQuestion)

/** Starts a review. */
export const newSessionSchema = z
  .strictObject({ question: questionSchema, settings: reviewRequestSchema.optional() })
  .meta({ id: 'NewSession' })

/** Work that was accepted: the job that does it and the session that it belongs to. */
export const acceptedSchema = z
  .object({
    job_id: z.string(),
    session_id: z.string(),
    /** Number of the session's last event before the work: follow from there to see all of it. */
    after: z.int(),
  })
  .meta({ id: 'Accepted' })

/** What part of the list of sessions is asked for. */
export const sessionQuerySchema = pageQuerySchema.extend({
  status: z.enum(sessionStatuses).optional(),
})
