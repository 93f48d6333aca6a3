import type { HttpBindings } from '@hono/node-server'
import type { Access } from '../access/access.ts'
import type { Credentials } from '../access/identify.ts'
import type { Caller } from '../contract/caller.ts'
import type { Deployment } from '../session/deployment.ts'
import type { Log } from '../telemetry/log.ts'
import type { Measure } from '../telemetry/measure.ts'
import type { Trace } from '../telemetry/trace.ts'
import type { StreamLimits } from './event-streams.ts'
import type { LoadLimits } from './load.ts'

/** What every route works with. */
export interface ApiContext {
  readonly deployment: Deployment
  /** By what callers are known, and what each may do. */
  readonly access: Access
  /** Whether the process is about to stop and wants no new work. */
  isStopping(): boolean
  /** Told of faults of Sheaf itself. */
  report(thrown: unknown): void
  /** How requests are measured, traced and logged. Default: not at all. */
  readonly telemetry?: { readonly measure: Measure; readonly trace: Trace; readonly log: Log }
  /** What differs from the usual, see `event-streams.ts` and `load.ts`. */
  readonly streamLimits?: Partial<StreamLimits>
  readonly loadLimits?: Partial<LoadLimits>
}

/** What Hono carries with each request: who asks, by what they are known, and Node's own request and response. */
export interface ApiEnvironment {
  Variables: { caller: Caller; credentials: Credentials }
  Bindings: HttpBindings
}
