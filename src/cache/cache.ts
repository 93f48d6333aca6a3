/**
 * What is kept so that it need not be asked again, by kind, with how long it lasts unless told otherwise, in
 * milliseconds. The name is the beginning of its keys.
 */
export const cacheKinds = {
  /** Answers of sources to searches. */
  searches: 3_600_000,
  /** Which document an address gave, or what came of it. */
  pdf_pages_cache: 7 * 86_400_000,
  /** What services and hosts gave a job in their region. */
  elsewhere: 3_600_000,
  /** Vectors of texts. */
  embeddings: 30 * 86_400_000,
} as const

export type CacheKind = keyof typeof cacheKinds

/** How often something was looked up and how often it was there; `failures` are look-ups and writings that broke. */
export interface CacheCounts {
  readonly lookups: number
  readonly hits: number
  readonly failures: number
}

/** How a value is kept. */
export interface KeepOptions<Value> {
  /** How long it is kept, in milliseconds. Default: as its kind. */
  readonly ttl?: number | ((value: Value) => number)
  /** Whether a value that was made is kept at all. Default: it is. */
  readonly keep?: (value: Value) => boolean
  /** Ends waiting for others who make it; what is then called to make it has to end by itself. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A cache of what others were asked, in memory and behind that in the deployment's Redis or database. It never fails:
 * what cannot be looked up is not there, and what cannot be written is not kept, and both are counted. Values may be
 * anything that structured clone takes, bytes included, but `undefined` and `null`. What many want at once is made once, in
 * the whole deployment.
 */
export interface Cache {
  get(kind: CacheKind, key: string): Promise<unknown>
  set(kind: CacheKind, key: string, value: unknown, options?: { readonly ttl?: number }): Promise<void>
  /**
   * The value of a key, made if it is not there; those who ask meanwhile, here or in other processes, wait for it, and one of
   * them makes it when the first has failed. Fails as `make` fails.
   */
  getOrSet<Value>(
    kind: CacheKind,
    key: string,
    make: () => Promise<Value>,
    options?: KeepOptions<Value>,
  ): Promise<Value>
  /** Counts of this process since it started. */
  stats(): Readonly<Record<CacheKind, CacheCounts>>
  /** Ends connections of its own. */
  close(): Promise<void>
}
