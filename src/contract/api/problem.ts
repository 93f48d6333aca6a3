import { z } from 'zod'

/** A failure as the API says it (RFC 9457, Problem Details for HTTP APIs). */
export const problemSchema = z
  .object({
    /** Tells kinds of failures apart: `urn:sheaf:problem:` and the code. */
    type: z.string(),
    /** The kind, in words that do not change from one occurrence to the next. */
    title: z.string(),
    status: z.int(),
    /** What happened, this time. */
    detail: z.string(),
    /** The same closed code as in `type`. */
    code: z.string(),
    /** What a person can do about it. */
    advice: z.string().optional(),
    /** For a request that is not understood: where in it, and why. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'A failure (RFC 9457).' })
export type Problem = z.infer<typeof problemSchema>
