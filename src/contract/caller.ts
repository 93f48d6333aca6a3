import { z } from 'zod'

/**
 * What a caller may do: `read` looks at reviews, `write` starts and steers them, `admin` sees everybody's, names folders of the
 * machine that Sheaf runs on, and manages others' tokens. Each includes the ones before it.
 */
export const scopes = ['read', 'write', 'admin'] as const
export const scopeSchema = z.enum(scopes)
export type Scope = z.infer<typeof scopeSchema>

/** Who asks for something, as every door says it to the verbs. */
export interface Caller {
  /** Name of the user in the database; `local` is whoever sits at the machine. */
  readonly user: string
  readonly scope: Scope
  /** How they said so; absent where nobody has to. */
  readonly by?: 'token' | 'login'
  /** Public part of the token. */
  readonly token?: string
}

/** Whoever sits at the machine and holds the data folder: nobody has to log in there. */
export const localCaller: Caller = { user: 'local', scope: 'admin' }

/** Whether a caller may do what needs `scope`. */
export function may(caller: Caller, scope: Scope): boolean {
  return scopes.indexOf(caller.scope) >= scopes.indexOf(scope)
}

/** The smaller of two scopes. */
export function lowerScope(one: Scope, other: Scope): Scope {
  return scopes.indexOf(one) < scopes.indexOf(other) ? one : other
}
