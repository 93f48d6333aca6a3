import type { Generated } from 'kysely'
import type { Json, NullableTime, Time } from './columns.ts'

/** When requests were or will be made, by which limits are kept. */
export interface TurnsTable {
  number: string
  service: string
  limit_name: string
  units: number
  at: Date
  /** From when on it no longer counts. */
  counts_until: Date
}

/** Limits that a server has closed for a while. */
export interface LimitPausesTable {
  service: string
  limit_name: string
  until: Date
  /** The server's word, for people. */
  reason: string
}

/** Connections that are open to a service. */
export interface ConnectionsTable {
  ticket: Generated<string>
  service: string
  expires_at: Date
}

/** What services answered. */
export interface CacheTable {
  key: string
  value: string
  expires_at: Date | null
}

/** What is being made now. */
export interface LeasesTable {
  /** What is made, so that it is made once. */
  name: string
  /** The process that makes it now. */
  holder: string
  expires_at: Date
}

/** What models answered. */
export interface ModelAnswersTable {
  key: string
  task: string
  /** `provider/model`. */
  model: string
  /** JSON text, as the model gave it. */
  answer: string
  usage: Json
  answered_at: Time
}

/** What can be counted of a call is null while it is not known. Columns of numbers are read as `float8`. */
export interface ModelCallsTable {
  id: Generated<string>
  /** Null for what is embedded, which serves all sessions. */
  session: string | null
  task: string
  provider: string
  model: string
  started_at: Time
  /** From when on a call that is still open is taken to be lost with its process. */
  expires_at: Date
  finished_at: NullableTime
  outcome: string
  /** What budgets count: estimated until the call has ended, and for good where nobody knows what was used. */
  tokens: number
  /** US dollars; estimated as the tokens are. Null where the price is unknown. */
  cost: number | null
  input_tokens: number | null
  output_tokens: number | null
  cached_tokens: number | null
  cache_write_tokens: number | null
  reasoning_tokens: number | null
  error: string | null
}

/** Sums of calls, by what is limited. */
export interface ModelSpendingTable {
  /** `session/…`, `day/…` or `user/…/…`, a user's day. */
  scope: string
  session: string | null
  tokens: number
  cost: number
  /** Estimated for calls that have not ended. */
  asking_tokens: number
  asking_cost: number
}
