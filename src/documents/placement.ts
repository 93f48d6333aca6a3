import type { Rectangle } from '../contract/document.ts'
import type { Engine } from './engine.ts'

/** How a page's own coordinates come to stand on the page as it is shown, cropped and turned. */
export interface Placement {
  /** Size of the page as it is shown, in points. */
  width: number
  height: number
  /** Moves a rectangle from the page's own space to the shown page's, in place; its sides may change order. */
  place(rectangle: Rectangle): void
}

/**
 * The placement of a page that is open in the engine: the origin is the corner of the crop box, and /Rotate turns
 * clockwise in steps of 90 degrees (ISO 32000-1, 14.11.2 and table 30).
 */
export function placementOf(engine: Engine, page: number): Placement {
  const { pdfium, scratch } = engine
  const width = pdfium.FPDF_GetPageWidthF(page)
  const height = pdfium.FPDF_GetPageHeightF(page)
  const rotation = pdfium.FPDFPage_GetRotation(page)
  pdfium.FPDF_GetPageBoundingBox(page, scratch)
  const { floats } = engine.heap()
  const at = scratch >> 2
  const [left, top, right, bottom] = [floats[at]!, floats[at + 1]!, floats[at + 2]!, floats[at + 3]!]
  return {
    width,
    height,
    place(rectangle) {
      const { left: l, bottom: b, right: r, top: t } = rectangle
      if (rotation === 1) set(rectangle, b - bottom, right - r, t - bottom, right - l)
      else if (rotation === 2) set(rectangle, right - r, top - t, right - l, top - b)
      else if (rotation === 3) set(rectangle, top - t, l - left, top - b, r - left)
      else set(rectangle, l - left, b - bottom, r - left, t - bottom)
    },
  }
}

function set(rectangle: Rectangle, left: number, bottom: number, right: number, top: number): void {
  rectangle.left = left
  rectangle.bottom = bottom
  rectangle.right = right
  rectangle.top = top
}
