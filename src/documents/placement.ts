import type { Engine } from './engine.ts'

/** How a page's own coordinates come to stand on the page as it is shown, cropped and turned. */
export interface Placement {
  /** Size of the page as it is shown, in points. */
  width: number
  height: number
  /**
   * Moves boxes `[left, bottom, right, top]` from the page's own space to the shown page's, in place, with their sides in
   * order. A left of NaN stays.
   */
  place(boxes: Float64Array): void
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
  // FS_RECTF is left, top, right, bottom.
  const [left, top, right, bottom] = [floats[at]!, floats[at + 1]!, floats[at + 2]!, floats[at + 3]!]
  // x' = a x + c y + e, y' = b x + d y + f, with one of a and c, and of b and d, being 0.
  const [a, b, c, d, e, f] = [
    [1, 0, 0, 1, -left, -bottom],
    [0, -1, 1, 0, -bottom, right],
    [-1, 0, 0, -1, right, top],
    [0, 1, -1, 0, top, -left],
  ][rotation] as [number, number, number, number, number, number]
  return {
    width,
    height,
    place(boxes) {
      for (let box = 0; box < boxes.length; box += 4) {
        const x = a * boxes[box]! + c * boxes[box + 1]! + e
        const y = b * boxes[box]! + d * boxes[box + 1]! + f
        const otherX = a * boxes[box + 2]! + c * boxes[box + 3]! + e
        const otherY = b * boxes[box + 2]! + d * boxes[box + 3]! + f
        boxes[box] = Math.min(x, otherX)
        boxes[box + 1] = Math.min(y, otherY)
        boxes[box + 2] = Math.max(x, otherX)
        boxes[box + 3] = Math.max(y, otherY)
      }
    },
  }
}
