import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { createReader, type Reader } from '../src/documents/reader.ts'

/** How fast a folder of PDFs was read in one way. */
export interface ReadingRate {
  /** `sheaf` in so many threads, or `pdftotext` in so many processes at a time. */
  engine: 'sheaf' | 'pdftotext'
  workers: number
  seconds: number
  pagesPerSecond: number
  documentsPerMinute: number
}

/** What {@link benchReader} measured. Pages and documents count what could be read. */
export interface ReaderBench {
  cores: number
  documents: number
  unreadable: number
  pages: number
  characters: number
  rates: ReadingRate[]
  /**
   * Pages per second of Sheaf with a thread for each core over those of pdftotext: run as many at a time, and run as
   * people do, one file after another. Medians of the rounds, each of which ran all, so that other programs slowed all
   * down. Null where pdftotext is missing.
   */
  overParallelPdftotext: number | null
  overPdftotext: number | null
  /** Largest resident size of this process so far, in MiB. */
  peakMebibytes: number
}

/**
 * Reads all PDFs under a folder with one thread and with one for each core, text, lines and boxes, and beside that with
 * pdftotext (one process a file, text alone) where it is installed. The ways take turns for five rounds, and the fastest
 * round of each counts, since other programs can only make it slower. Sheaf's threads live as long as its process, so they
 * are started, and have read the folder once, before anything is measured.
 */
export async function benchReader(folder: string): Promise<ReaderBench> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.toLowerCase().endsWith('.pdf'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort()
  const cores = availableParallelism()
  const workerCounts = [...new Set([1, cores])]
  await using stack = new AsyncDisposableStack()
  const readers = new Map(workerCounts.map((threads) => [threads, stack.use(createReader({ threads }))]))
  const readWith = (threads: number, paths: string[]) => readAll(readers.get(threads)!, paths)
  for (const threads of workerCounts) await readWith(threads, files)
  const first = await readWith(cores, files)
  const readable = files.filter((_, index) => first.pages[index] !== undefined)
  const pages = first.pages.reduce<number>((sum, count) => sum + (count ?? 0), 0)

  const seconds = new Map<string, number[]>()
  const measure = async (engine: ReadingRate['engine'], workers: number, run: () => Promise<unknown>) => {
    const start = performance.now()
    if ((await run()) === false) return
    const key = `${engine} ${workers}`
    seconds.set(key, [...(seconds.get(key) ?? []), (performance.now() - start) / 1000])
  }
  for (let round = 0; round < rounds; round++)
    for (const workers of workerCounts) {
      await measure('sheaf', workers, () => readWith(workers, readable))
      await measure('pdftotext', workers, () => pdftotextAll(readable, workers))
    }
  const rates = workerCounts.flatMap((workers) =>
    (['sheaf', 'pdftotext'] as const).flatMap((engine): ReadingRate[] => {
      const best = Math.min(...(seconds.get(`${engine} ${workers}`) ?? []))
      if (!Number.isFinite(best)) return []
      const [pagesPerSecond, documentsPerMinute] = [pages / best, (readable.length / best) * 60]
      return [{ engine, workers, seconds: best, pagesPerSecond, documentsPerMinute }]
    }),
  )
  const own = seconds.get(`sheaf ${cores}`) ?? []
  const timesFasterThan = (workers: number) => {
    const ratios = (seconds.get(`pdftotext ${workers}`) ?? [])
      .map((other, round) => other / own[round]!)
      .sort((a, b) => a - b)
    return ratios[ratios.length >> 1] ?? null
  }
  return {
    cores,
    documents: readable.length,
    unreadable: files.length - readable.length,
    pages,
    characters: first.characters,
    rates,
    overParallelPdftotext: timesFasterThan(cores),
    overPdftotext: timesFasterThan(1),
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
  }
}

const rounds = 5

/** Pages of each file, in order; undefined for one that cannot be read. */
async function readAll(reader: Reader, files: string[]) {
  let characters = 0
  const pages = await Promise.all(
    files.map(async (path) => {
      const outcome = await reader.read(path)
      if (!outcome.ok) return undefined
      for (const page of outcome.document.pages) characters += page.text.length
      return outcome.document.pages.length
    }),
  )
  return { pages, characters }
}

/** Runs pdftotext over the files, `workers` at a time; false when it is not installed. */
async function pdftotextAll(files: string[], workers: number): Promise<boolean> {
  const waiting = files.values()
  const work = async () => {
    for (const path of waiting) if (!(await pdftotext(path))) return false
    return true
  }
  return (await Promise.all(Array.from({ length: workers }, work))).every(Boolean)
}

/** As long as Sheaf gives a document; pdftotext works for minutes on some files made to do harm. */
const longestMilliseconds = 30_000

function pdftotext(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('pdftotext', [path, '-'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: longestMilliseconds,
    })
    child.on('error', () => resolve(false))
    child.on('close', () => resolve(true))
    child.stdout.resume()
  })
}

function print(bench: ReaderBench): void {
  console.log(
    `${bench.documents} PDFs, ${bench.pages} pages, ${bench.characters} characters; ${bench.unreadable} PDFs cannot be read; ${bench.cores} cores`,
  )
  for (const rate of bench.rates)
    console.log(
      `${rate.engine.padEnd(10)} ${String(rate.workers).padStart(2)} workers ${rate.pagesPerSecond.toFixed(0).padStart(6)} pages/s ${rate.documentsPerMinute.toFixed(0).padStart(6)} PDFs/min`,
    )
  const { cores, overPdftotext, overParallelPdftotext } = bench
  if (overPdftotext !== null && overParallelPdftotext !== null)
    console.log(
      `${cores} threads are ${overPdftotext.toFixed(2)} times as fast as pdftotext file after file, ${overParallelPdftotext.toFixed(2)} times as fast as ${cores} pdftotext at a time`,
    )
  console.log(`peak ${bench.peakMebibytes.toFixed(0)} MiB`)
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  })
  const [folder] = positionals
  if (folder === undefined) {
    console.error('usage: node bench/reader.ts FOLDER [--json]')
    process.exitCode = 2
  } else {
    const bench = await benchReader(folder)
    if (values.json) console.log(JSON.stringify(bench, null, 2))
    else print(bench)
  }
}
