import type { Analyst } from '../analysts/analyst.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import type { SessionEvent } from '../contract/events.ts'
import type { SessionSettings } from '../contract/settings.ts'
import type { EventHub } from '../events/hub.ts'
import type { Embedder } from '../models/embedder.ts'
import type { DocumentArchive } from '../pipeline/read/archive.ts'
import type { Queues } from '../queue/queues.ts'
import type { FullTexts } from '../sources/full-texts.ts'
import type { Source } from '../sources/source.ts'
import type { Sql } from '../store/database.ts'
import type { Once } from '../store/once.ts'
import type { Measure } from '../telemetry/measure.ts'
import type { VectorIndex } from '../vectors/vector-index.ts'
import type { Admission } from './admit-sessions.ts'
import type { ReviewDefaults } from './review-settings.ts'
import type { UploadLimits } from './uploads.ts'

/** What every verb on a review works with; `compose.ts` puts it together. */
export interface Deployment {
  readonly sql: Sql
  readonly queues: Queues
  readonly archive: DocumentArchive
  /** Where the deployment keeps files: full texts, pictures, users' own papers, reports. */
  readonly blobs: BlobStore
  readonly fullTexts: FullTexts
  /** The analyst that a session's settings ask for; what a model answers is noted as asked for this session. */
  analyst(settings: SessionSettings, session: string): Analyst
  /** The sources that a session's settings ask for, by name. */
  sources(settings: SessionSettings): ReadonlyMap<string, Source>
  /** Tells who follows a session that events were stored. Call it after they are committed. */
  announce(session: string): Promise<void>
  /** A session's events after the given one, as they come, without gap or repeat, until `signal` aborts. */
  follow(session: string, afterSequence: number, signal: AbortSignal): AsyncIterable<SessionEvent>
  /** The model that meaning is searched with; undefined where the settings name none. */
  readonly embedder: Embedder | undefined
  readonly vectors: VectorIndex
  /** The same for any number of followers, who share one reader for each session. */
  readonly hub: EventHub
  /** What reviews are set up with where nothing else is asked for. */
  readonly defaults: ReviewDefaults
  /** Sees to it that something is done by one at a time. */
  readonly once: Once
  /** How much of their own papers users may put in. */
  readonly uploads: UploadLimits
  /** How many reviews of one user may be at work at once; undefined: any number. */
  readonly userSessions: number | undefined
  /** How many reviews are taken on at once, and how many may wait. */
  readonly admission: Admission
  /** Told how long phases and reviews took. */
  readonly measure: Pick<Measure, 'phaseEnded'>
  /** A name for a new session: unique, short, sorted by time. */
  newSessionId(): string
}
