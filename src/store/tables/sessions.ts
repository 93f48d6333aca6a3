import type { Generated } from 'kysely'
import type { Json, NullableJson, NullableTime, Time } from './columns.ts'

/** A review. */
export interface SessionsTable {
  id: string
  question: string
  status: string
  phase: string | null
  settings: Json
  plan: NullableJson
  plan_approved: Generated<boolean>
  error: NullableJson
  output_folder: string | null
  /** How often the review has been started: 1, then one more with each resumption. */
  run: Generated<number>
  /** Sequence number of its last event. */
  last_event: Generated<number>
  /** Name of the user whose review it is. */
  owner: Generated<string>
  created_at: Time
  /** When it was first taken on. */
  started_at: NullableTime
  finished_at: NullableTime
}

/** Who else may see a session, or steer it. */
export interface SharesTable {
  session: string
  user_id: string
  scope: string
}

/** What a person has decided on a paper, whatever screening says. */
export interface OverrulesTable {
  session: string
  paper: string
  value: Json
}

/** What a person and reviews say to each other. */
export interface ConversationsTable {
  id: string
  owner: string
  title: string
  /** Number of its last message. */
  last_message: Generated<number>
  created_at: Time
}

/** What was said, numbered from 1 in each conversation. */
export interface MessagesTable {
  conversation: string
  number: number
  at: Time
  /** The session that it started, steered or asked about. */
  session: string | null
  value: Json
}

/** What happened to a session, numbered from 1 in each. */
export interface EventsTable {
  session: string
  sequence: number
  at: Time
  body: Json
}

/** What a session waits for a person to agree to. */
export interface GatesTable {
  session: string
  gate: string
  state: string
  message: string
  details: Json
  answer: NullableJson
  opened_at: Time
  resolved_at: NullableTime
}

/** The ledger of what is done once. */
export interface TasksTable {
  session: string
  key: string
  phase: string
  /** How often it was started. */
  started: number
  finished_at: NullableTime
  /** What went wrong, when it finally failed: item and message. */
  error: NullableJson
}
