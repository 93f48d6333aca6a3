import type {
  AuditTable,
  IdempotencyKeysTable,
  LoginAttemptsTable,
  LoginsTable,
  TokensTable,
  UsersTable,
} from './tables/access.ts'
import type {
  DocumentsTable,
  EmbeddingsTable,
  LibraryFilesTable,
  LibraryFoldersTable,
  PagesTable,
  PassagesTable,
  UploadsTable,
} from './tables/documents.ts'
import type {
  CacheTable,
  ConnectionsTable,
  LeasesTable,
  LimitPausesTable,
  ModelAnswersTable,
  ModelCallsTable,
  ModelSpendingTable,
  TurnsTable,
} from './tables/outside.ts'
import type { DecisionsTable, LabelsTable, PapersTable, SpansTable, ValueTable } from './tables/results.ts'
import type {
  ConversationsTable,
  EventsTable,
  GatesTable,
  MessagesTable,
  OverrulesTable,
  SessionsTable,
  SharesTable,
  TasksTable,
} from './tables/sessions.ts'

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
