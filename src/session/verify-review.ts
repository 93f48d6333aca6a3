import type { DocumentId } from '../contract/document.ts'
import type { EvidenceSpan } from '../contract/evidence.ts'
import { rectanglesOf } from '../documents/boxes.ts'
import type { Reader } from '../documents/reader.ts'
import type { PageSource } from '../publish/pictures.ts'
import type { DocumentFinder, FoundDocument } from '../publish/verify/quotations.ts'
import type { VerificationResult } from '../publish/verify/result.ts'
import { verifyReport } from '../publish/verify/verify.ts'
import { type DocumentPlaces, findDocumentPlaces } from './document-places.ts'

/** How many documents are read ahead of the one that is checked. */
const readAhead = 8

/** A document as it is now, and the file it was read from. */
type ReadAgain = FoundDocument & { path: string }

/**
 * Checks a report against the PDFs, which are read again: first where the review found them, then, by their hash, anywhere
 * in `folders`. Needs no database.
 * @throws {SheafError} `not_found` when the folder holds no report.
 */
export async function verifyReview(
  { reader }: { reader: Reader },
  { report, folders }: { report: string; folders: readonly string[] },
): Promise<VerificationResult> {
  const places = await findDocumentPlaces(report, folders)
  const reading = new Map<DocumentId, Promise<ReadAgain | undefined>>()
  const readOnce = (id: DocumentId) => {
    const begun = reading.get(id) ?? readAgain(reader, places, id)
    reading.set(id, begun)
    return begun
  }
  const readDocument: DocumentFinder = (id) => {
    const place = places.order.indexOf(id)
    for (const next of places.order.slice(place + 1, place + 1 + readAhead)) void readOnce(next)
    return readOnce(id)
  }
  return verifyReport(report, { readDocument, pageSource: pageSourceOver(reader, readOnce) })
}

/** The first of a document's files that holds its bytes; else one that can be read at all, whose hash will tell. */
async function readAgain(
  reader: Reader,
  places: DocumentPlaces,
  id: DocumentId,
): Promise<ReadAgain | undefined> {
  let other: ReadAgain | undefined
  for (const path of await places.pathsOf(id)) {
    const outcome = await reader.read(path)
    if (outcome.ok && outcome.document.id === id) return { ...outcome.document, path }
    if (outcome.ok) other ??= { ...outcome.document, path }
    // A file that cannot be read any more is found all the same when its bytes are the document's.
    else if (outcome.id === id) return { id, pages: [], path }
  }
  return other
}

function pageSourceOver(
  reader: Reader,
  read: (id: DocumentId) => Promise<ReadAgain | undefined>,
): PageSource {
  const pageOf = async (id: DocumentId, number: number) => {
    const document = await read(id)
    const page = document?.pages.find((candidate) => candidate.number === number)
    return document && page && { path: document.path, page }
  }
  return {
    async renderPage(id, number) {
      const found = await pageOf(id, number)
      if (!found) return undefined
      const picture = await reader.render({ source: found.path, page: number })
      return { ...picture, pageWidth: found.page.width, pageHeight: found.page.height }
    },
    async rectanglesOf({ locator }: EvidenceSpan) {
      const highlights = await Promise.all(
        locator.ranges.map(async ({ page: number, start, end }) => {
          const found = await pageOf(locator.document, number)
          if (!found) return []
          const { boxes, text, width, height } = found.page
          const rectangles = rectanglesOf(boxes, text, start, end)
          return [{ page: number, rectangles, pageWidth: width, pageHeight: height }]
        }),
      )
      return highlights.flat()
    },
  }
}
