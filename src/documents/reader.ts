import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { DocumentFailure, DocumentId, ReadDocument, Rectangle } from '../contract/document.ts'
import { messageOf, SheafError } from '../errors.ts'
import { engineCrashed, outOfMemory, timedOut } from './failures.ts'
import { type ReaderLimits, readerLimitsSchema } from './limits.ts'
import type { PageImage } from './render.ts'
import type { ThreadData, ThreadMessage, ThreadResult, ThreadTask } from './thread.ts'

/** A PDF: the path of a file, or its bytes. */
export type PdfSource = string | Uint8Array

/** How reading ended. `id` and `byteLength` are absent only when the file could not be opened or is beyond the limit. */
export type ReadOutcome =
  | { ok: true; document: ReadDocument }
  | { ok: false; id?: DocumentId; byteLength?: number; failure: DocumentFailure }

/** A page to draw. */
export interface RenderRequest {
  source: PdfSource
  /** 1-based page number. */
  page: number
  /** Dots per inch; 100 unless told. */
  dotsPerInch?: number
  /** Rectangles to mark, in points from the bottom left of the page as it is shown. */
  highlights?: Rectangle[]
}

/** Reads and draws PDFs in threads of its own, so that no file can block, crash or exhaust the process. */
export interface Reader extends AsyncDisposable {
  /**
   * Reads a document. Whatever is wrong with the file is an outcome, never an error.
   * @throws SheafError `cancelled` when the signal fires or the reader is closed.
   */
  read(source: PdfSource, signal?: AbortSignal): Promise<ReadOutcome>
  /**
   * Draws a page.
   * @throws SheafError `unreadable_document` when that is impossible, `cancelled` as {@link Reader.read} does.
   */
  render(request: RenderRequest, signal?: AbortSignal): Promise<PageImage>
  /** Stops all threads at once; what is under way is cancelled. */
  close(): Promise<void>
}

export interface ReaderOptions {
  /** Threads; as many as the machine has cores unless told. Each takes about 60 MB once it has read something. */
  threads?: number
  limits?: Partial<ReaderLimits>
}

/** JavaScript memory of a thread, which holds the text of one document at a time. V8 ends the thread beyond it. */
const threadHeapMebibytes = 512

/** Makes a reader. Its threads start with the first document. */
export function createReader(options: ReaderOptions = {}): Reader {
  const limits = readerLimitsSchema.parse(options.limits ?? {})
  const threads = options.threads ?? availableParallelism()
  const listeners = new Map<number, (message: ThreadMessage) => void>()
  const closing = new AbortController()
  let tasks = 0
  let pool: Promise<Piscina<ThreadTask, ThreadResult>> | undefined

  async function startPool() {
    const module = await compiledPdfium()
    const started = new Piscina<ThreadTask, ThreadResult>({
      filename: fileURLToPath(new URL(`./thread${extname(import.meta.url)}`, import.meta.url)),
      name: 'perform',
      // As many at rest as at work: with fewer, piscina may leave tasks waiting after a thread was ended.
      minThreads: threads,
      maxThreads: threads,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: threadHeapMebibytes },
      workerData: { module, limits } satisfies ThreadData,
    })
    started.on('message', (message: ThreadMessage) => listeners.get(message.task)?.(message))
    // A thread that dies at rest costs nothing and is replaced; without a listener it would end the process.
    started.on('error', () => undefined)
    return started
  }

  async function perform(source: PdfSource, signal: AbortSignal | undefined, render?: ThreadTask['render']) {
    const ending = new AbortController()
    const end = () => ending.abort()
    if (signal?.aborted || closing.signal.aborted) throw cancelled()
    signal?.addEventListener('abort', end)
    closing.signal.addEventListener('abort', end)
    const task = ++tasks
    let identity: ThreadMessage['identity']
    let timer: NodeJS.Timeout | undefined
    let late = false
    listeners.set(task, (message) => {
      identity ??= message.identity
      // Piscina's own clock would count the time in the queue too.
      timer ??= setTimeout(() => {
        late = true
        end()
      }, limits.milliseconds)
    })
    try {
      pool ??= startPool()
      const running = await pool
      // A copy, so that the caller keeps its bytes, and only of the part of a larger buffer that is meant.
      const sent = typeof source === 'string' ? source : new Uint8Array(source)
      const result = await running.run(
        { task, source: sent, ...(render ? { render } : {}) },
        { signal: ending.signal, ...(typeof sent === 'string' ? {} : { transferList: [sent.buffer] }) },
      )
      return { result, identity: result.identity }
    } catch (error) {
      if (signal?.aborted || closing.signal.aborted) throw cancelled()
      const failure = late ? timedOut(limits.milliseconds) : threadFailure(error)
      return { result: { failure: failure.failure }, identity }
    } finally {
      clearTimeout(timer)
      listeners.delete(task)
      signal?.removeEventListener('abort', end)
      closing.signal.removeEventListener('abort', end)
    }
  }

  const threadFailure = (error: unknown) =>
    error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? outOfMemory(threadHeapMebibytes * 2 ** 20)
      : engineCrashed(messageOf(error))

  async function read(source: PdfSource, signal?: AbortSignal): Promise<ReadOutcome> {
    const { result, identity } = await perform(source, signal)
    if ('reading' in result) return { ok: true, document: { ...identity!, ...result.reading } }
    if ('failure' in result) return { ok: false, ...identity, failure: result.failure }
    throw new SheafError('internal', 'The reading thread drew a page that nobody asked for.')
  }

  async function render(request: RenderRequest, signal?: AbortSignal): Promise<PageImage> {
    const { source, page, dotsPerInch = 100, highlights = [] } = request
    if (!Number.isInteger(page) || page < 1)
      throw new SheafError('invalid_input', `${page} is not a page number; pages count from 1.`)
    if (!(dotsPerInch > 0 && dotsPerInch <= 1200))
      throw new SheafError(
        'invalid_input',
        `${dotsPerInch} is not a resolution from 1 to 1200 dots per inch.`,
      )
    const { result } = await perform(source, signal, { page, dotsPerInch, highlights })
    if ('image' in result) return result.image
    if ('failure' in result) throw new SheafError('unreadable_document', result.failure.message)
    throw new SheafError('internal', 'The reading thread read a document that nobody asked for.')
  }

  async function close(): Promise<void> {
    closing.abort()
    await (await pool)?.destroy()
  }

  return { read, render, close, [Symbol.asyncDispose]: close }
}

const cancelled = () => new SheafError('cancelled', 'Reading the document was stopped.')

let compiled: Promise<WebAssembly.Module> | undefined

/** PDFium, compiled once for the process; threads share the machine code. */
function compiledPdfium(): Promise<WebAssembly.Module> {
  compiled ??= readFile(createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm')).then(
    (bytes) => WebAssembly.compile(bytes),
  )
  return compiled
}
