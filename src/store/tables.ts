import type { ColumnType, Generated } from 'kysely'

/** A jsonb column: read as parsed, unknown until a contract schema has parsed it; written as JSON text. */
type Json = ColumnType<unknown, string, string>
type NullableJson = ColumnType<unknown, string | null | undefined, string | null>
/** A time the database sets or is given. */
type Time = ColumnType<Date, Date | undefined, Date>
type NullableTime = ColumnType<Date | null, Date | null | undefined, Date | null>

interface SessionsTable {
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
interface SharesTable {
  session: string
  user_id: string
  scope: string
}

/** What a person has decided on a paper, whatever screening says. */
interface OverrulesTable {
  session: string
  paper: string
  value: Json
}

interface UsersTable {
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

interface TokensTable {
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

interface LoginsTable {
  /** SHA-256 of the cookie. */
  secret_hash: Buffer
  user_id: string
  created_at: Time
  /** To the minute. */
  seen_at: Time
  expires_at: Date
}

interface LoginAttemptsTable {
  /** SHA-256 of the cookie. */
  secret_hash: Buffer
  value: Json
  expires_at: Date
}

interface AuditTable {
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

interface ConversationsTable {
  id: string
  owner: string
  title: string
  /** Number of its last message. */
  last_message: Generated<number>
  created_at: Time
}

interface MessagesTable {
  conversation: string
  number: number
  at: Time
  /** The session that it started, steered or asked about. */
  session: string | null
  value: Json
}

interface EventsTable {
  session: string
  sequence: number
  at: Time
  body: Json
}

interface DocumentsTable {
  id: string
  byte_length: number
  page_count: number
  metadata: Json
  page_failures: Json
  /** Set when the document could not be read. */
  failure: NullableJson
  /** How many passages it was cut into; null while it was not. */
  passages: number | null
}

interface PagesTable {
  document: string
  number: number
  label: string | null
  width: number
  height: number
  text: string
  lines: Json
  boxes: Buffer
  /** A tsvector of the text, made by the database. */
  search: ColumnType<string, never, never>
}

/** Stretches of pages, `[first, last)` in UTF-16 units, by which meaning is searched. */
interface PassagesTable {
  id: Generated<string>
  document: string
  page: number
  first: number
  last: number
  /** Of its words; passages with the same words share one vector. */
  sha256: string
}

interface EmbeddingsTable {
  model: string
  sha256: string
  /** Grows with each that is stored, so that who keeps them in memory can ask for the new ones. */
  number: Generated<string>
  /** One signed byte for each component, see `models/quantise.ts`. */
  vector: Buffer
}

/** Files that users put in. */
interface UploadsTable {
  user_id: string
  name: string
  bytes: number
  sha256: string
  uploaded_at: Time
}

interface LibraryFoldersTable {
  path: string
  added_at: Time
}

interface LibraryFilesTable {
  folder: string
  path: string
  /** Bytes. */
  size: number
  /** Milliseconds since 1970, as the file system says. */
  modified: number
  sha256: string
}

/** A row that holds one value of the contract under its natural key. */
interface ValueTable {
  session: string
  id: string
  value: Json
}

interface PapersTable extends ValueTable {
  /** The document that holds its text, as the value names it; made by the database. */
  document: ColumnType<string | null, never, never>
}
interface DecisionsTable extends ValueTable {
  tier: string
}
interface SpansTable extends ValueTable {
  paper: string
}
interface LabelsTable {
  session: string
  paper: string
  label: string
  reason: string | null
  /** Grows in the order in which papers were labelled, which tells when to stop. */
  position: number
}

interface GatesTable {
  session: string
  gate: string
  state: string
  message: string
  details: Json
  answer: NullableJson
  opened_at: Time
  resolved_at: NullableTime
}

interface TasksTable {
  session: string
  key: string
  phase: string
  /** How often it was started. */
  started: number
  finished_at: NullableTime
  /** What went wrong, when it finally failed: item and message. */
  error: NullableJson
}

interface TurnsTable {
  number: string
  service: string
  limit_name: string
  units: number
  at: Date
  /** From when on it no longer counts. */
  counts_until: Date
}

interface LimitPausesTable {
  service: string
  limit_name: string
  until: Date
  /** The server's word, for people. */
  reason: string
}

interface ConnectionsTable {
  ticket: Generated<string>
  service: string
  expires_at: Date
}

interface CacheTable {
  key: string
  value: string
  expires_at: Date | null
}

interface ModelAnswersTable {
  key: string
  task: string
  /** `provider/model`. */
  model: string
  /** JSON text, as the model gave it. */
  answer: string
  usage: Json
  answered_at: Time
}

interface LeasesTable {
  /** What is made, so that it is made once. */
  name: string
  /** The process that makes it now. */
  holder: string
  expires_at: Date
}

/** What can be counted of a call is null while it is not known. Columns of numbers are read as `float8`. */
interface ModelCallsTable {
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

interface ModelSpendingTable {
  /** `session/…`, `day/…` or `user/…/…`, a user's day. */
  scope: string
  session: string | null
  tokens: number
  cost: number
  /** Estimated for calls that have not ended. */
  asking_tokens: number
  asking_cost: number
}

interface IdempotencyKeysTable {
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

/** The tables of schema `sheaf`, see `migrations/`. */
export interface Tables {
  sessions: SessionsTable
  shares: SharesTable
  overrules: OverrulesTable
  users: UsersTable
  tokens: TokensTable
  logins: LoginsTable
  login_attempts: LoginAttemptsTable
  audit: AuditTable
  conversations: ConversationsTable
  messages: MessagesTable
  events: EventsTable
  documents: DocumentsTable
  pages: PagesTable
  passages: PassagesTable
  embeddings: EmbeddingsTable
  uploads: UploadsTable
  library_folders: LibraryFoldersTable
  library_files: LibraryFilesTable
  source_items: ValueTable
  records: ValueTable
  papers: PapersTable
  decisions: DecisionsTable
  labels: LabelsTable
  spans: SpansTable
  rejected_quotations: SpansTable
  cards: ValueTable
  themes: ValueTable
  claims: ValueTable
  audits: ValueTable
  relations: ValueTable
  gaps: ValueTable
  matrices: ValueTable
  tasks: TasksTable
  gates: GatesTable
  turns: TurnsTable
  limit_pauses: LimitPausesTable
  connections: ConnectionsTable
  cache: CacheTable
  leases: LeasesTable
  model_answers: ModelAnswersTable
  model_calls: ModelCallsTable
  model_spending: ModelSpendingTable
  idempotency_keys: IdempotencyKeysTable
}

/** Tables whose rows are one contract value under (session, id). */
export type ValueTableName =
  | 'source_items'
  | 'records'
  | 'papers'
  | 'decisions'
  | 'spans'
  | 'rejected_quotations'
  | 'cards'
  | 'themes'
  | 'claims'
  | 'audits'
  | 'relations'
  | 'gaps'
  | 'matrices'
