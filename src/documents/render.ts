import type { Rectangle } from '../contract/document.ts'
import type { Engine } from './engine.ts'
import { outOfMemory, ReadingFailure } from './failures.ts'
import type { ReaderLimits } from './limits.ts'
import { type OpenDocument, withDocument } from './open.ts'
import { encodePng, toIndexed } from './png.ts'

/** What to draw of a document. */
export interface PageRequest {
  /** 1-based page number. */
  page: number
  /** Dots per inch. */
  dotsPerInch: number
  /** Rectangles to mark in yellow, in points from the bottom left of the page as it is shown. */
  highlights: Rectangle[]
}

/** A picture of a page. */
export interface PageImage {
  png: Uint8Array<ArrayBuffer>
  /** In pixels. */
  width: number
  height: number
  /** Pixels for a point. Less than asked for when the page is too large for the limit on pixels. */
  scale: number
}

const pointsPerInch = 72
/** FPDFBitmap_BGRx (fpdfview.h): four bytes a pixel, the last unused. */
const bgrx = 3
const white = 0xffffffff
/** What is left of green and blue under a highlight; red stays, so black letters stay black. */
const highlightGreen = 0.92
const highlightBlue = 0.35

/**
 * Draws a page as PNG.
 * @throws ReadingFailure as reading does, and `damaged` when the page does not exist or cannot be drawn.
 */
export function renderPage(
  engine: Engine,
  bytes: Uint8Array,
  request: PageRequest,
  limits: ReaderLimits,
): PageImage {
  return withDocument(engine, bytes, limits, (document) => {
    const image = draw(engine, document, request, limits)
    if (engine.refusedMemory()) throw outOfMemory(limits.heapBytes)
    return image
  })
}

function draw(engine: Engine, document: OpenDocument, request: PageRequest, limits: ReaderLimits): PageImage {
  const { pdfium } = engine
  if (request.page > document.pageCount)
    throw new ReadingFailure(
      'damaged',
      `There is no page ${request.page}; the file has ${document.pageCount}.`,
    )
  const page = pdfium.FPDF_LoadPage(document.pointer, request.page - 1)
  if (page === 0)
    throw new ReadingFailure('damaged', `Page ${request.page} is damaged and could not be loaded.`)
  const pageWidth = pdfium.FPDF_GetPageWidthF(page)
  const pageHeight = pdfium.FPDF_GetPageHeightF(page)
  const scale = Math.min(
    request.dotsPerInch / pointsPerInch,
    Math.sqrt(limits.pixels / (pageWidth * pageHeight)),
    limits.pixels / pageWidth,
    limits.pixels / pageHeight,
  )
  const width = Math.max(1, Math.floor(pageWidth * scale))
  const height = Math.max(1, Math.floor(pageHeight * scale))
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, bgrx, 0, 0)
  if (bitmap === 0) throw outOfMemory(limits.heapBytes)
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white)
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, 0)
  const stride = pdfium.FPDFBitmap_GetStride(bitmap)
  const start = pdfium.FPDFBitmap_GetBuffer(bitmap)
  const pixels = engine.heap().bytes.subarray(start, start + stride * height)
  for (const rectangle of request.highlights) highlight(pixels, width, height, stride, scale, rectangle)
  const png = encodePng(toIndexed(pixels, width, height, stride))
  pdfium.FPDFBitmap_Destroy(bitmap)
  pdfium.FPDF_ClosePage(page)
  return { png, width, height, scale }
}

function highlight(
  pixels: Uint8Array,
  width: number,
  height: number,
  stride: number,
  scale: number,
  rectangle: Rectangle,
): void {
  const clamp = (value: number, largest: number) => Math.max(0, Math.min(largest, Math.round(value)))
  const left = clamp(rectangle.left * scale, width)
  const right = clamp(rectangle.right * scale, width)
  const top = clamp(height - rectangle.top * scale, height)
  const bottom = clamp(height - rectangle.bottom * scale, height)
  for (let y = top; y < bottom; y++) {
    for (let at = y * stride + left * 4; at < y * stride + right * 4; at += 4) {
      pixels[at] = pixels[at]! * highlightBlue
      pixels[at + 1] = pixels[at + 1]! * highlightGreen
    }
  }
}
