/** A line of text on a page that {@link typeset} makes. */
export interface TypesetLine {
  /** `^{…}` is raised and smaller, as a footnote mark. */
  text: string
  /** Of the text's start on the baseline, in points from the bottom left. */
  x: number
  y: number
  size: number
  /** Helvetica unless told. */
  font?: 'regular' | 'bold' | 'italic'
  /** Written upwards, as a stamp in the margin is. */
  upright?: boolean
}

/** How a line is set, but for its place. */
type Style = Partial<Omit<TypesetLine, 'text' | 'x' | 'y'>>
/** A line at a place, in 10 points unless told. */
export const line = (x: number, y: number, text: string, style: Style = {}): TypesetLine => ({
  x,
  y,
  text,
  size: 10,
  ...style,
})

/** A paragraph of running text, so that the page has a usual size of print. */
export function paragraph(x: number, y: number, lines: number, style: Style = {}, first = ''): TypesetLine[] {
  return Array.from({ length: lines }, (_, index) =>
    line(
      x,
      y - index * 12,
      `${index === 0 ? first : ''}${index % 2 ? 'the effect of the wheels on the' : 'as it was seen in some of our'} engine ${index}${index === lines - 1 ? '.' : ','}`,
      style,
    ),
  )
}

const fonts = { regular: 'Helvetica', bold: 'Helvetica-Bold', italic: 'Helvetica-Oblique' }

/**
 * A PDF of these pages (US Letter) with text in the standard fonts and the given entries in its Info dictionary, for tests
 * that need a document of known contents. Text is limited to Windows-1252.
 */
export function typeset(
  pages: readonly (readonly TypesetLine[])[],
  info: Record<string, string> = {},
): Buffer {
  const objects: Buffer[] = []
  const add = (body: string | Buffer) =>
    objects.push(Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1'))
  const first = 5
  const kids = pages.map((_, index) => `${first + index * 2} 0 R`)
  add('<< /Type /Catalog /Pages 2 0 R >>')
  add(`<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`)
  const resources = Object.entries(fonts).map(
    ([name, font]) =>
      `/${name} << /Type /Font /Subtype /Type1 /BaseFont /${font} /Encoding /WinAnsiEncoding >>`,
  )
  add(`<< /Font << ${resources.join(' ')} >> >>`)
  add(
    `<< ${Object.entries(info).map(([key, value]) => `/${key} (${escaped(value)})`)} >>`.replaceAll(
      ',/',
      ' /',
    ),
  )
  for (const [index, lines] of pages.entries()) {
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources 3 0 R /Contents ${first + index * 2 + 1} 0 R >>`,
    )
    const content = lines.map(({ text, x, y, size, font = 'regular', upright = false }) => {
      const matrix = upright ? `0 1 -1 0 ${x} ${y}` : `1 0 0 1 ${x} ${y}`
      const runs = text.split(/\^\{([^}]*)\}/).map((run, part) => {
        const raised = part % 2 === 1
        return `/${font} ${raised ? size * 0.7 : size} Tf ${raised ? size * 0.36 : 0} Ts (${escaped(run)}) Tj`
      })
      return `BT ${matrix} Tm ${runs.join(' ')} ET`
    })
    const stream = Buffer.from(content.join('\n'), 'latin1')
    add(
      Buffer.concat([
        Buffer.from(`<< /Length ${stream.length} >>\nstream\n`),
        stream,
        Buffer.from('\nendstream'),
      ]),
    )
  }
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  const offsets: number[] = []
  let length = parts[0]!.length
  for (const [index, body] of objects.entries()) {
    offsets.push(length)
    const object = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')])
    parts.push(object)
    length += object.length
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

/** Characters of Windows-1252 that Latin-1 lacks, as octal escapes. */
const beyondLatin1: Record<string, string> = {
  '–': '\\226',
  '—': '\\227',
  '‘': '\\221',
  '’': '\\222',
  '“': '\\223',
  '”': '\\224',
  '•': '\\225',
  '†': '\\206',
  '‡': '\\207',
}

function escaped(text: string): string {
  return text
    .replace(/[\\()]/g, '\\$&')
    .replace(/[–—‘’“”•†‡]/g, (character) => beyondLatin1[character] ?? '?')
}
