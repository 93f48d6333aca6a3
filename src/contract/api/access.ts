import { z } from 'zod'
import { scopeSchema } from '../caller.ts'
import { pageQuerySchema } from './paging.ts'

/** A user's name in the database. */
export const userIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{0,63}$/, 'is no name of a user')
  .meta({ description: 'Name of the user.', example: 'anna' })

/** Names that begin like this belong to people who log in at the identity provider. */
export const loggedInPrefix = 'u-'

/** Asks for a token. */
export const newTokenSchema = z
  .strictObject({
    /** What it is for, in words of one’s own. */
    name: z.string().trim().min(1).max(100),
    /** Default: `write`, or `read` for who has no more. */
    scope: scopeSchema.optional(),
    /** For somebody else; `admin` only. */
    user: userIdSchema.optional(),
    expiresInDays: z.int().min(1).max(3650).optional(),
  })
  .meta({ id: 'NewToken' })
export type NewToken = z.infer<typeof newTokenSchema>

/** The public part of a token. */
export const tokenIdSchema = z.string().regex(/^[0-9a-z-]{14}$/, 'is no public part of a token')

export const tokenViewSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    user: z.string(),
    scope: scopeSchema,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    /** To the minute. */
    usedAt: z.iso.datetime().optional(),
    revokedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Token' })
export type TokenView = z.infer<typeof tokenViewSchema>

/** A token that was made: its secret is shown this once. */
export const madeTokenSchema = tokenViewSchema.extend({ token: z.string() }).meta({ id: 'MadeToken' })
export type MadeToken = z.infer<typeof madeTokenSchema>

/** A user as others see them. */
export const userViewSchema = z
  .object({ id: z.string(), name: z.string(), email: z.string().optional() })
  .meta({ id: 'User' })
export type UserView = z.infer<typeof userViewSchema>

/** Who asks, and what they may do. */
export const meSchema = userViewSchema
  .extend({
    scope: scopeSchema,
    /** How they said who they are: `local` where nobody has to. */
    by: z.enum(['local', 'token', 'login']),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof meSchema>

/** Whose names or addresses are searched for. */
export const userQuerySchema = pageQuerySchema.extend({
  q: z.string().trim().min(2).max(100).meta({ description: 'What a name or an email address begins with.' }),
})

/** Somebody else who may see a session, or steer it. */
export const shareViewSchema = z
  .object({ user: z.string(), scope: z.enum(['read', 'write']) })
  .meta({ id: 'Share' })

/** Something that was done, or tried. */
export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    user: z.string().optional(),
    /** Public part of the token that was used. */
    token: z.string().optional(),
    address: z.string(),
    action: z.string(),
    target: z.string(),
    /** `done`, or the code of the failure. */
    outcome: z.string(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditView = z.infer<typeof auditEntrySchema>

/** Which entries of the audit log are asked for. */
export const auditQuerySchema = pageQuerySchema.extend({
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'is no number of an entry')
    .optional()
    .meta({ description: 'Go on after this entry: `next` of the page before.' }),
  user: userIdSchema.optional(),
  action: z.string().min(1).max(100).optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
})
export type AuditQuery = z.infer<typeof auditQuerySchema>
