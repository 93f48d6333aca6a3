import type { Note } from './note.ts'

/**
 * Writes title, authors, keywords and the note's date into a PDF of Chromium's, which sets the title only and the time of
 * day. The Info dictionary is replaced by an incremental update (ISO 32000-1, 7.5.6); dates in the original are overwritten
 * in place, so that the same note gives the same bytes.
 * @throws Error when the file is not built as Chromium builds it (cross-reference table, Info dictionary).
 */
export function withMetadata(pdf: Uint8Array, note: Note): Buffer {
  const date = `D:${note.date.replaceAll('-', '')}000000+00'00'`
  const original = Buffer.from(
    Buffer.from(pdf)
      .toString('latin1')
      .replaceAll(/D:\d{14}\+00'00'/g, date),
    'latin1',
  )
  const trailer = original.toString('latin1', original.lastIndexOf('trailer'))
  const size = /\/Size (\d+)/.exec(trailer)?.[1]
  const root = /\/Root (\d+ 0 R)/.exec(trailer)?.[1]
  const previous = /startxref\s+(\d+)/.exec(trailer)?.[1]
  const info = /\/Info (\d+) 0 R/.exec(trailer)?.[1]
  if (!size || !root || !previous || !info) throw new Error('Chromium wrote a PDF of an unknown build')
  const entries: readonly (readonly [string, string])[] = [
    ['Title', hexadecimal(note.title)],
    ['Author', hexadecimal(note.authors.join(', '))],
    ['Keywords', hexadecimal(note.keywords.join(', '))],
    ['Creator', hexadecimal('Sheaf')],
    ['CreationDate', `(${date})`],
    ['ModDate', `(${date})`],
  ]
  const dictionary = entries.map(([key, value]) => `/${key} ${value}`).join('\n')
  const object = `${info} 0 obj\n<<${dictionary}>>\nendobj\n`
  const offset = original.length + 1
  const entry = `xref\n${info} 1\n${String(offset).padStart(10, '0')} 00000 n \n`
  const end = `trailer\n<</Size ${size}\n/Root ${root}\n/Info ${info} 0 R\n/Prev ${previous}>>\nstartxref\n${offset + object.length}\n%%EOF\n`
  return Buffer.concat([original, Buffer.from(`\n${object}${entry}${end}`, 'latin1')])
}

/** A text string in UTF-16BE with a byte order mark, as hexadecimal (ISO 32000-1, 7.9.2.2). */
function hexadecimal(text: string): string {
  return `<${Buffer.from(`\ufeff${text}`, 'utf16le').swap16().toString('hex')}>`
}
