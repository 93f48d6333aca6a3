import type { Received } from './receive.ts'

/** A blob's size and when it was last changed, in milliseconds since 1970. */
export interface BlobFacts {
  readonly bytes: number
  readonly modified: number
}

/** A blob that is read as it is sent on. */
export interface OpenBlob {
  readonly bytes: number
  readonly stream: ReadableStream
}

/**
 * Where a deployment keeps files: a folder of one disk, or a bucket that all its processes reach. Each has a place, a text
 * that says where it is to every process of the deployment: an absolute path, or `s3://BUCKET/KEY`. Every function throws
 * SheafError `invalid_input` for a place that is not the store's, and `store_unavailable` when the store cannot be used,
 * retryable where that may pass by itself.
 */
export interface BlobStore {
  /** The place of these names below each other. @throws {SheafError} `invalid_input` for a name that is no plain name. */
  placeOf(...names: string[]): string
  /** Whether a place is in this store. */
  holds(place: string): boolean
  /** Undefined where there is nothing. */
  find(place: string): Promise<BlobFacts | undefined>
  /** Undefined where there is nothing. */
  read(place: string): Promise<Buffer | undefined>
  /** Undefined where there is nothing. */
  open(place: string): Promise<OpenBlob | undefined>
  /**
   * Keeps bytes, in the stead of what was there; whoever reads sees the old or the new, whole.
   * @param what names the content in the failure's sentence, as `A full text`
   */
  write(place: string, bytes: Uint8Array, what: string): Promise<void>
  /** A folder of this machine in which what is to be taken to `place` may be received. */
  receivingFolder(place: string): string
  /** Keeps what was received, as {@link write} does. */
  take(place: string, received: Received): Promise<void>
  /** Removes what is there, if anything. */
  remove(place: string): Promise<void>
  /** Names of what lies directly under a place, in no order. */
  names(place: string): Promise<string[]>
}
