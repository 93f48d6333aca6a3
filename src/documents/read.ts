import type { ReadDocument } from '../contract/document.ts'
import type { Engine } from './engine.ts'
import { outOfMemory, ReadingFailure } from './failures.ts'
import { createHyphenation } from './hyphens.ts'
import { looksLikeWriting } from './legible.ts'
import type { ReaderLimits } from './limits.ts'
import { metadataOf, type OpenDocument, withDocument } from './open.ts'
import { fewLetters, type PageReading, readPage } from './page.ts'

/** What reading gives beside the file's identity. */
export type Reading = Pick<ReadDocument, 'pages' | 'metadata' | 'pageFailures'>

/**
 * Reads a whole PDF: its pages with text, lines and boxes, and its metadata.
 * @throws ReadingFailure when it cannot be read, or has no text that can be used. The engine may then be broken.
 */
export function readDocument(engine: Engine, bytes: Uint8Array, limits: ReaderLimits): Reading {
  return withDocument(engine, bytes, limits, (document) => {
    const { readings, pageFailures } = readPages(engine, document, limits)
    if (engine.refusedMemory()) throw outOfMemory(limits.heapBytes)
    requireText(readings, pageFailures.length)
    return { pages: readings.map(({ page }) => page), metadata: metadataOf(engine, document), pageFailures }
  })
}

function readPages(engine: Engine, document: OpenDocument, limits: ReaderLimits) {
  const { pageCount } = document
  if (pageCount > limits.pages && pageExists(engine, document, limits.pages))
    throw new ReadingFailure(
      'too_many_pages',
      `The file has ${pageCount} pages, and the limit is ${limits.pages}; split it and give the parts.`,
    )
  const readings: PageReading[] = []
  const pageFailures: ReadDocument['pageFailures'] = []
  const hyphenation = createHyphenation()
  let failedInARow = 0
  let characters = 0
  for (let index = 0; index < Math.min(pageCount, limits.pages); index++) {
    if (failedInARow === limits.failedPagesInARow) {
      pageFailures.push({
        page: index + 1,
        message: `Given up here after ${failedInARow} pages in a row that could not be read, of ${pageCount} that the file claims to have.`,
      })
      break
    }
    const reading = readPage(engine, document, index, limits, hyphenation)
    if (!reading) {
      failedInARow++
      pageFailures.push({ page: index + 1, message: 'The page is damaged and could not be loaded.' })
      continue
    }
    failedInARow = 0
    readings.push(reading)
    characters += reading.characters
    if (characters > limits.charactersPerDocument)
      throw new ReadingFailure(
        'too_much_text',
        `The file has more than ${limits.charactersPerDocument} characters, which is the limit; split it and give the parts.`,
      )
  }
  return { readings, pageFailures }
}

/** Tells a document that is too long from one that claims pages that do not exist. */
function pageExists(engine: Engine, document: OpenDocument, index: number): boolean {
  const page = engine.pdfium.FPDF_LoadPage(document.pointer, index)
  if (page !== 0) engine.pdfium.FPDF_ClosePage(page)
  return page !== 0
}

/** Half the page; a scan covers all of it, a figure seldom more than this without any words. */
const scanShare = 0.5

/** @throws ReadingFailure unless the pages that were read hold text that can be used. */
function requireText(readings: PageReading[], failedPages: number): void {
  const letters = readings.reduce((sum, reading) => sum + reading.letters, 0)
  if (letters === 0 && failedPages > 0)
    throw new ReadingFailure('damaged', 'The pages of the file are too damaged to be read; fetch it again.')
  const scans = readings.filter(
    (reading) => reading.letters < fewLetters && reading.imageShare >= scanShare,
  ).length
  if (scans * 2 >= readings.length && scans > 0 && letters < fewLetters * readings.length)
    throw new ReadingFailure(
      'needs_ocr',
      'The pages are images without text, as from a scanner; add a text layer with an OCR program (OCRmyPDF does it).',
    )
  if (letters === 0)
    throw new ReadingFailure('no_readable_text', 'The file opens, but its pages hold no text.')
  const unmapped = readings.reduce((sum, reading) => sum + reading.letters * reading.unmappedShare, 0)
  if (unmapped > letters / 2 && !looksLikeWriting(readings.map(({ page }) => page.text)))
    throw new ReadingFailure(
      'no_readable_text',
      'The fonts in the file do not say which letters their shapes stand for, so its text cannot be read; running OCR over it helps.',
    )
}
