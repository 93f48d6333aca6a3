import type { Generated } from 'kysely'
import type { Json, NullableJson, NullableTime, Time } from './columns.ts'

/** Who may use the service. */
export interface UsersTable {
  id: string
  name: string
  /** Lower case; only one that the identity provider has verified. */
  email: string | null
  /** Of the identity provider, with the name it gives the user; null for users that an administrator made. */
  issuer: string | null
  subject: string | null
  created_at: Time
  logged_in_at: NullableTime
}

/** Secrets of programs. */
export interface TokensTable {
  id: string
  user_id: string
  name: string
  scope: string
  /** SHA-256. */
  secret_hash: Buffer
  created_at: Time
  expires_at: NullableTime
  /** To the minute. */
  used_at: NullableTime
  revoked_at: NullableTime
}

/** Browsers that are logged in. */
export interface LoginsTable {
  /** SHA-256 of the cookie. */
  secret_hash: Buffer
  user_id: string
  created_at: Time
  /** To the minute. */
  seen_at: Time
  expires_at: Date
}

/** Logins that the identity provider has not answered yet. */
export interface LoginAttemptsTable {
  /** SHA-256 of the cookie. */
  secret_hash: Buffer
  value: Json
  expires_at: Date
}

/** What was done, or tried. */
export interface AuditTable {
  id: Generated<string>
  at: Time
  /** Null where nobody is known. */
  user_id: string | null
  /** Public name of the token that was used. */
  token: string | null
  address: string
  action: string
  target: string
  /** `done`, or the code of the failure. */
  outcome: string
}

/** Requests that must not be done twice. */
export interface IdempotencyKeysTable {
  user_id: string
  key: string
  /** Hash of what was asked. */
  request: string
  /** Who answers it, until `held_until` unless that is put off. */
  holder: string
  held_until: Date
  answer: NullableJson
  expires_at: Date
}
