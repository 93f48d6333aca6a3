import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { createReader } from '../src/documents/reader.ts'

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
  /** Pages per second of Sheaf over those of pdftotext, with as many workers; null where pdftotext is missing. */
  overPdftotext: number | null
  /** Largest resident size of this process so far, in MiB. */
  peakMebibytes: number
}

/**
 * Reads all PDFs under a folder with one thread and with one for each core, text, lines and boxes, and beside that with
 * pdftotext (one process a file) where it is installed. Each way runs three times and the fastest counts, since other
 * programs can only make it slower.
 */
export async function benchReader(folder: string): Promise<ReaderBench> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.toLowerCase().endsWith('.pdf'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort()
  const cores = availableParallelism()
  const first = await readAll(files, cores)
  const readable = files.filter((_, index) => first.pages[index] !== undefined)
  const pages = first.pages.reduce<number>((sum, count) => sum + (count ?? 0), 0)

  const rates: ReadingRate[] = []
  const measure = async (engine: ReadingRate['engine'], workers: number, run: () => Promise<boolean>) => {
    let seconds = Number.POSITIVE_INFINITY
    for (let round = 0; round < rounds; round++) {
      const start = performance.now()
      if (!(await run())) return
      seconds = Math.min(seconds, (performance.now() - start) / 1000)
    }
    rates.push({
      engine,
      workers,
      seconds,
      pagesPerSecond: pages / seconds,
      documentsPerMinute: (readable.length / seconds) * 60,
    })
  }
  for (const workers of [...new Set([1, cores])]) {
    await measure('sheaf', workers, async () => {
      await readAll(readable, workers)
      return true
    })
    await measure('pdftotext', workers, () => pdftotextAll(readable, workers))
  }
  const rateOf = (engine: ReadingRate['engine']) =>
    rates.find((rate) => rate.engine === engine && rate.workers === cores)?.pagesPerSecond
  const [own, other] = [rateOf('sheaf'), rateOf('pdftotext')]
  return {
    cores,
    documents: readable.length,
    unreadable: files.length - readable.length,
    pages,
    characters: first.characters,
    rates,
    overPdftotext: own !== undefined && other !== undefined ? own / other : null,
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
  }
}

const rounds = 3

/** Pages of each file, in order; undefined for one that cannot be read. */
async function readAll(files: string[], threads: number) {
  await using reader = createReader({ threads })
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
  if (bench.overPdftotext !== null) console.log(`${bench.overPdftotext.toFixed(2)} times pdftotext`)
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
