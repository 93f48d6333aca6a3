import type { PagePicture } from '../blobs/pictures.ts'
import type { DocumentId, Page } from '../contract/document.ts'
import type { EvidenceSpan } from '../contract/evidence.ts'
import type { ReportDocument } from '../contract/report.ts'
import { SheafError } from '../errors.ts'
import { documentsOf } from '../pipeline/report/documents.ts'
import { type Highlight, highlightsOf } from '../publish/pictures.ts'
import { findSpan } from '../store/evidence.ts'
import { isDocumentOf, papersOf, recordsOf } from '../store/papers.ts'
import type { Deployment } from './deployment.ts'

/** Every document that a session read or tried to read. */
export async function listDocuments(
  { sql }: Pick<Deployment, 'sql'>,
  session: string,
): Promise<ReportDocument[]> {
  return documentsOf(sql, await recordsOf(sql, session), await papersOf(sql, session))
}

/**
 * One page of a document that the session read: its text, size and lines.
 * @throws {SheafError} `not_found`, also for documents that only other sessions have read.
 */
export async function findPage(
  deployment: Pick<Deployment, 'sql' | 'archive'>,
  session: string,
  document: DocumentId,
  number: number,
): Promise<Page> {
  const holds = await isDocumentOf(deployment.sql, session, document)
  const pages = holds ? await deployment.archive.pages(document) : []
  const page = pages.find((candidate) => candidate.number === number)
  if (page) return page
  throw new SheafError('not_found', `Session ${session} has read no page ${number} of document ${document}.`)
}

/** A page as a picture. @throws {SheafError} `not_found` as {@link findPage}, and when no file holds the document any more. */
export async function drawPage(
  deployment: Pick<Deployment, 'sql' | 'archive'>,
  session: string,
  document: DocumentId,
  number: number,
): Promise<PagePicture> {
  await findPage(deployment, session, document, number)
  const picture = await deployment.archive.picture(document, number)
  if (picture) return picture
  throw new SheafError('not_found', `The file of document ${document} is not there any more.`, {
    advice: 'The quotation and its text are kept; put the file back to see its pages.',
  })
}

/** A quotation, and where it stands on its pages. */
export interface PlacedSpan {
  readonly span: EvidenceSpan
  readonly highlights: readonly Highlight[]
}

/** One quotation with its places. @throws {SheafError} `not_found`. */
export async function placeSpan(
  { sql, archive }: Pick<Deployment, 'sql' | 'archive'>,
  session: string,
  id: string,
): Promise<PlacedSpan> {
  const span = await findSpan(sql, session, id)
  if (!span) throw new SheafError('not_found', `Session ${session} has no quotation ${id}.`)
  return { span, highlights: highlightsOf(span, await archive.pages(span.locator.document)) }
}

/**
 * A page with a quotation marked on it, as SVG: the picture of the page and the rectangles over it, sized in points.
 * @param place 0 for the quotation's first page, 1 for the second where it goes on over a page break
 */
export async function drawSpan(
  deployment: Pick<Deployment, 'sql' | 'archive'>,
  session: string,
  id: string,
  place: number,
): Promise<string> {
  const { span, highlights } = await placeSpan(deployment, session, id)
  const highlight = highlights[place]
  if (!highlight) throw new SheafError('not_found', `Quotation ${id} stands on no further page.`)
  const { page, rectangles, pageWidth: width, pageHeight: height } = highlight
  const { png } = await drawPage(deployment, session, span.locator.document, page)
  const marks = rectangles.map(
    ({ left, bottom, right, top }) =>
      `<rect x="${left}" y="${height - top}" width="${right - left}" height="${top - bottom}"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><image width="${width}" height="${height}" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/><g fill="#ffd400" style="mix-blend-mode:multiply">${marks.join('')}</g></svg>`
}
