import type { EmbeddedMetadata } from '../contract/document.ts'
import { cString, type Engine, utf16From } from './engine.ts'
import { outOfMemory, ReadingFailure, tooLarge } from './failures.ts'
import type { ReaderLimits } from './limits.ts'

/** Where PDF readers look for the header (ISO 32000-1, annex H, note 13). */
const headerWindow = 1024
/** FPDF_GetLastError (fpdfview.h). */
const passwordError = 4
const securityError = 5

/** What a file without a PDF header is, by its first bytes, for the message. */
const disguises: [RegExp, string][] = [
  [/^\s*(?:<!--[^>]*-->\s*)?<(?:!doctype html|html|head|body|script)/i, 'a web page (HTML)'],
  [/^\s*<\?xml/i, 'an XML file'],
  [/^%!PS/, 'a PostScript file'],
  [/^PK/, 'a ZIP archive or an Office document'],
  [/^\xd0\xcf/, 'an old Office document'],
  [/^\{\\rtf/, 'an RTF document'],
  [/^(?:\x89PNG|\xff\xd8\xff|GIF8|II\*|MM\*)/, 'an image'],
]

/** @throws ReadingFailure `not_a_pdf` unless `%PDF-` stands in the first 1,024 bytes. */
function requireHeader(bytes: Buffer): void {
  if (bytes.subarray(0, headerWindow + 5).indexOf('%PDF-') >= 0) return
  const beginning = bytes
    .subarray(0, headerWindow)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
  const disguise = disguises.find(([pattern]) => pattern.test(beginning))?.[1]
  const what = bytes.length === 0 ? 'is empty' : disguise ? `is ${disguise}` : 'has no PDF header'
  throw new ReadingFailure('not_a_pdf', `The file ${what}, whatever its name says; fetch the PDF itself.`)
}

/**
 * Whether the end of the file is missing. A whole file has a trailer or the offset of its cross-reference table behind
 * its last object, and one that is laid out for the web says its own length (ISO 32000-1, 7.5.5 and F.2).
 */
export function isCutShort(bytes: Buffer): boolean {
  const lastObject = bytes.lastIndexOf('endobj')
  if (lastObject < 0) return /\d\s+\d+\s+obj\b/.test(bytes.subarray(0, 4096).toString('latin1'))
  const tail = Math.max(bytes.lastIndexOf('startxref'), bytes.lastIndexOf('trailer'))
  if (tail < lastObject) return true
  const beginning = bytes.subarray(0, 2048).toString('latin1')
  const length = /\/Linearized\b[^>]{0,400}?\/L\s+(\d{1,15})/.exec(beginning)?.[1]
  return length !== undefined && bytes.length < Number(length)
}

/** An open document. */
export interface OpenDocument {
  pointer: number
  pageCount: number
}

/**
 * Opens a PDF in the engine and hands it to `use`, and closes it again.
 * @throws ReadingFailure when the bytes are too many, no PDF, cut short, locked or damaged.
 */
export function withDocument<T>(
  engine: Engine,
  bytes: Uint8Array,
  limits: ReaderLimits,
  use: (document: OpenDocument) => T,
): T {
  const { pdfium } = engine
  if (bytes.length > limits.fileBytes) throw tooLarge(bytes.length, limits.fileBytes)
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  requireHeader(file)
  if (isCutShort(file))
    throw new ReadingFailure(
      'truncated',
      'The file ends before the document does, so it was cut short in copying or downloading; fetch it again.',
    )
  const copy = pdfium.malloc(bytes.length)
  if (copy === 0) throw outOfMemory(limits.heapBytes)
  engine.heap().bytes.set(bytes, copy)
  const pointer = pdfium.FPDF_LoadMemDocument64(copy, bytes.length, 0)
  if (pointer === 0) {
    const error = pdfium.FPDF_GetLastError()
    pdfium.free(copy)
    throw engine.refusedMemory() ? outOfMemory(limits.heapBytes) : openingFailure(error)
  }
  const result = use({ pointer, pageCount: pdfium.FPDF_GetPageCount(pointer) })
  // Not after a failure: the engine may then be broken, and is thrown away with all it holds.
  pdfium.FPDF_CloseDocument(pointer)
  pdfium.free(copy)
  return result
}

function openingFailure(error: number): ReadingFailure {
  if (error === passwordError)
    return new ReadingFailure(
      'password_protected',
      'The file is locked with a password; save a copy without one and give that.',
    )
  if (error === securityError)
    return new ReadingFailure(
      'password_protected',
      'The file is locked in a way that the PDF engine does not know; save a copy without protection and give that.',
    )
  return new ReadingFailure(
    'damaged',
    'The file has a PDF header, but its structure is too damaged to be read.',
  )
}

const metadataTags = {
  title: 'Title',
  author: 'Author',
  subject: 'Subject',
  keywords: 'Keywords',
  creator: 'Creator',
  producer: 'Producer',
  creationDate: 'CreationDate',
} as const satisfies Record<keyof EmbeddedMetadata, string>

/** An abstract may stand in a field; more than this is no metadata. */
const longestMetadata = 64 * 1024

/** The document's Info dictionary. A field that is empty or longer than 32,767 characters is left out. */
export function metadataOf(engine: Engine, document: OpenDocument): EmbeddedMetadata {
  const metadata: EmbeddedMetadata = {}
  for (const [field, tag] of Object.entries(metadataTags) as [keyof EmbeddedMetadata, string][]) {
    const name = cString(engine, tag)
    const text = utf16From(engine, longestMetadata, (buffer, bytes) =>
      engine.pdfium.FPDF_GetMetaText(document.pointer, name, buffer, bytes),
    )
    engine.pdfium.free(name)
    if (text !== undefined) metadata[field] = text
  }
  return metadata
}

const longestLabel = 64

/** The page's own label where the file gives one of at most 31 characters. `index` counts from 0. */
export function labelOf(engine: Engine, document: OpenDocument, index: number): string | undefined {
  return utf16From(engine, longestLabel, (buffer, bytes) =>
    engine.pdfium.FPDF_GetPageLabel(document.pointer, index, buffer, bytes),
  )
}
