/** A page of a hand-made PDF: its content stream, and entries of its page dictionary beside the usual ones. */
export interface MinimalPage {
  content: string
  /** As `/Rotate 90 /MediaBox [0 0 300 400]`. */
  entries?: string
}

/** Shows a line of text in Helvetica (`/F1`) or its bold cut (`/F2`). */
export function textAt(x: number, y: number, text: string, size = 12, font = 'F1'): string {
  return `BT /${font} ${size} Tf ${x} ${y} Td (${text}) Tj ET\n`
}

/** The bytes of a PDF made by hand, so that tests need no file. `catalog` takes further entries, `info` those of the Info dictionary. */
export function minimalPdf(
  pages: MinimalPage[],
  further: { catalog?: string; info?: string } = {},
): Uint8Array {
  const kids = pages.map((_, index) => `${6 + index * 2} 0 R`).join(' ')
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${further.catalog ?? ''} >>`,
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    `<< ${further.info ?? ''} >>`,
    ...pages.flatMap(({ content, entries }, index) => [
      `<< /Type /Page /Parent 2 0 R /Contents ${7 + index * 2} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> ${entries ?? '/MediaBox [0 0 612 792]'} >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  for (const offset of offsets) file += `${String(offset).padStart(10, '0')} 00000 n \n`
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${table}\n%%EOF\n`
  return Uint8Array.from(Buffer.from(file, 'latin1'))
}
