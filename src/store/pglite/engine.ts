import { setFlagsFromString } from 'node:v8'
import { PGlite } from '@electric-sql/pglite'

/** PGlite with word of how it ended, should it end by itself. */
export interface Engine {
  readonly pglite: PGlite
  /** What stopped the engine ("could not write to file …: No space left on device"), once something has. */
  stopped(): string | undefined
}

/** PostgreSQL's log lines of the two severities after which a session is over. */
const lastWords = /\b(?:FATAL|PANIC): {2}(.*)/
/** Exit status by which PGlite's WASM leaves a statement that failed in the ordinary way (pglitec.c). */
const ordinaryError = 100

/** Starts PGlite on a folder. Throws an Error with PostgreSQL's own last words when it does not start. */
export async function startEngine(folder: string): Promise<Engine> {
  let words: string | undefined
  const onStderr = (line: string) => {
    words = lastWords.exec(line)?.[1] ?? words
    return false
  }
  let pglite: PGlite
  try {
    pglite = await withBaselineCompiler(() => PGlite.create(folder, { onStderr }))
  } catch (thrown) {
    throw words === undefined ? thrown : new Error(words, { cause: thrown })
  }
  words = undefined
  let crash: unknown
  leaveLoopOn((thrown) => {
    crash ??= thrown
  }, pglite)
  return { pglite, stopped: () => words ?? (crash === undefined ? undefined : String(crash)) }
}

let starting = 0

/**
 * Runs `start` with V8's optimising compiler for WebAssembly switched off. PostgreSQL's interpreter of expressions is one
 * function so large that optimising it takes 550 MB for half a second and makes no statement faster (docs/architecture.md). V8
 * settles whether a function may be optimised when it is first called, and the start calls that one; what is compiled
 * later, PDFium above all, is optimised as ever.
 */
async function withBaselineCompiler<T>(start: () => Promise<T>): Promise<T> {
  starting++
  setFlagsFromString('--no-wasm-dynamic-tiering')
  setFlagsFromString('--no-wasm-tier-up')
  try {
    return await start()
  } finally {
    if (--starting === 0) {
      setFlagsFromString('--wasm-dynamic-tiering')
      setFlagsFromString('--wasm-tier-up')
    }
  }
}

/**
 * PGlite 0.5 takes every exception in its statement loop for an ordinary SQL error and goes on; after a PANIC (the disk
 * is full) or a WASM trap the loop never ends and the process hangs. Its handler's first call is made to throw on.
 */
function leaveLoopOn(onCrash: (thrown: unknown) => void, pglite: PGlite): void {
  const engine = pglite.Module
  const runOnce = engine._PostgresMainLoopOnce
  engine._PostgresMainLoopOnce = () => {
    try {
      runOnce()
    } catch (thrown) {
      if ((thrown as { status?: unknown } | null)?.status !== ordinaryError) {
        onCrash(thrown)
        engine.stackRestore = () => {
          throw thrown
        }
      }
      throw thrown
    }
  }
}
