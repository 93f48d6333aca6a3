import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { DocumentFailure } from '../contract/document.ts'
import { messageOf } from '../errors.ts'
import { type Engine, startEngine } from './engine.ts'
import { engineCrashed, outOfMemory, ReadingFailure, tooLarge } from './failures.ts'
import { documentIdOf } from './hash.ts'
import type { ReaderLimits } from './limits.ts'
import { type Reading, readDocument } from './read.ts'
import { type PageImage, type PageRequest, renderPage } from './render.ts'

/** What every thread is given when it starts. */
export interface ThreadData {
  module: WebAssembly.Module
  limits: ReaderLimits
}

/** A document by its path or its bytes, and what to do with it. */
export interface ThreadTask {
  /** Names the task in {@link ThreadMessage}s. */
  task: number
  source: string | Uint8Array
  /** The page to draw; without it the document is read. */
  render?: PageRequest
}

/** Told while a task is under way: once when it begins, once when the file's identity is known. */
export interface ThreadMessage {
  task: number
  identity?: { id: string; byteLength: number }
}

/**
 * How a task ended. The identity comes with it although it was told before: messages and results take different ways,
 * and the message may arrive last. It was told for the case that the thread is ended before it has a result.
 */
export type ThreadResult = { identity?: ThreadMessage['identity'] } & (
  | { reading: Reading }
  | { image: PageImage }
  | { failure: DocumentFailure }
)

const { module, limits } = workerData as ThreadData

/** A WASM heap never shrinks and PDFium keeps caches, so an engine is given up when it has served or grown this much. */
const documentsPerEngine = 500
const heapToKeep = 96 * 2 ** 20

let engine: Engine | undefined
let served = 0

/** Does one task; the pool calls it. Everything that a document can do wrong comes back as a failure. */
export async function perform({ task, source, render }: ThreadTask): Promise<ThreadResult> {
  const tell = (message: ThreadMessage) => parentPort?.postMessage(message)
  let identity: ThreadMessage['identity']
  tell({ task })
  try {
    const bytes = typeof source === 'string' ? readFile(source) : source
    identity = { id: documentIdOf(bytes), byteLength: bytes.length }
    tell({ task, identity })
    engine ??= await startEngine(module, limits.heapBytes)
    const result: ThreadResult = render
      ? { identity, image: renderPage(engine, bytes, render, limits) }
      : { identity, reading: readDocument(engine, bytes, limits) }
    if (++served >= documentsPerEngine || engine.heap().buffer.byteLength > heapToKeep) dropEngine()
    return movable(result)
  } catch (error) {
    const outgrown = engine?.refusedMemory() ?? false
    dropEngine()
    return { identity, failure: failureOf(error, outgrown) }
  }
}

function dropEngine(): void {
  engine = undefined
  served = 0
}

function failureOf(error: unknown, outgrown: boolean): DocumentFailure {
  if (error instanceof ReadingFailure) return error.failure
  if (outgrown) return outOfMemory(limits.heapBytes).failure
  return engineCrashed(messageOf(error).split('\n', 1)[0]!.slice(0, 120)).failure
}

/** Marks a result so that the pool hands its buffers over to the main thread instead of copying them. */
function movable(result: ThreadResult): ThreadResult {
  const buffers =
    'reading' in result
      ? result.reading.pages.map((page) => page.boxes.buffer as ArrayBuffer)
      : 'image' in result
        ? [result.image.png.buffer]
        : []
  return move({ [transferableSymbol]: buffers, [valueSymbol]: result } as never) as unknown as ThreadResult
}

/** @throws ReadingFailure when the file is none, cannot be read or is too large. */
function readFile(path: string): Uint8Array {
  try {
    // Without waiting: opening a named pipe would otherwise block the thread for good.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const status = fstatSync(file)
      if (!status.isFile())
        throw new ReadingFailure('file_unreadable', 'This is a folder or a device, not a file.')
      if (status.size > limits.fileBytes) throw tooLarge(status.size, limits.fileBytes)
      return readFileSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (error instanceof ReadingFailure) throw error
    throw new ReadingFailure(
      'file_unreadable',
      `The file cannot be opened: ${messageOf(error).split(', ')[0]}.`,
    )
  }
}
