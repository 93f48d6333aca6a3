import { partings } from './hyphenate.ts'

/** A line to be set: its words and whether it ends a block, so that it is not stretched. */
interface Line {
  text: string
  isLast: boolean
}

/** How a block is set. Sizes in points. */
export interface Style {
  readonly font: 'Times-Roman' | 'Times-Bold' | 'Times-Italic'
  readonly size: number
  /** From one baseline to the next. */
  readonly leading: number
  readonly isJustified?: boolean
  /** Space below the block. */
  readonly after: number
}

/** Where blocks go: columns, left to right, then the next page. */
export interface Frame {
  readonly page: { readonly width: number; readonly height: number; readonly margin: number }
  readonly columns: 1 | 2
}

const gutter = 18

/** Sets blocks of text one under the other, in columns over pages, and says on which page each went. */
export function createPageSetter(document: PDFKit.PDFDocument, { page, columns }: Frame) {
  const widths = new Map<string, number>()
  const columnWidth = (page.width - 2 * page.margin - (columns - 1) * gutter) / columns
  const bottom = page.height - page.margin
  let number = 0
  let column = 0
  let top = page.margin
  let y = page.margin

  function measure(text: string, { font, size }: Style): number {
    const key = `${font} ${size} ${text}`
    let width = widths.get(key)
    if (width === undefined) {
      width = document.font(font, size).widthOfString(text)
      widths.set(key, width)
    }
    return width
  }

  function breakLines(text: string, width: number, style: Style, mayPart: boolean): Line[] {
    const space = measure(' ', style)
    const lines: Line[] = []
    let line = ''
    let used = 0
    for (const word of text.split(' ')) {
      let rest = word
      for (;;) {
        const needed = measure(rest, style) + (line === '' ? 0 : space)
        if (used + needed <= width) {
          line = line === '' ? rest : `${line} ${rest}`
          used += needed
          break
        }
        const room = width - used - (line === '' ? 0 : space)
        const at = mayPart
          ? partings(rest).findLast((place) => measure(`${rest.slice(0, place)}-`, style) <= room)
          : undefined
        if (at === undefined && line === '') {
          line = rest
          used = needed
          break
        }
        lines.push({
          text: at === undefined ? line : `${line} ${rest.slice(0, at)}-`.trimStart(),
          isLast: false,
        })
        if (at !== undefined) rest = rest.slice(at)
        line = ''
        used = 0
      }
    }
    lines.push({ text: line, isLast: true })
    return lines
  }

  function nextColumn(): void {
    if (number > 0 && column + 1 < columns) column++
    else {
      document.addPage()
      number++
      column = 0
      top = page.margin
    }
    y = top
  }

  function setLine({ text, isLast }: Line, x: number, width: number, style: Style): void {
    document.font(style.font, style.size)
    const gaps = text.split(' ').length - 1
    const slack =
      width - text.split(' ').reduce((sum, word) => sum + measure(word, style), gaps * measure(' ', style))
    const wordSpacing = style.isJustified && !isLast && gaps > 0 ? Math.max(0, slack / gaps) : 0
    document.text(text, x, y, { lineBreak: false, wordSpacing })
    y += style.leading
  }

  return {
    /** Pages so far. */
    get pages(): number {
      return number
    },

    /** Sets a block over the whole width of the first page; columns begin below. */
    across(text: string, style: Style): void {
      if (number === 0) nextColumn()
      const width = page.width - 2 * page.margin
      for (const line of breakLines(text, width, style, false)) setLine(line, page.margin, width, style)
      y += style.after
      top = y
    },

    /** Sets a block, and returns the page. `keep`: all of it in one column, with `more` points to spare below. */
    block(text: string, style: Style, { keep = false, more = 0 } = {}): number {
      const lines = breakLines(text, columnWidth, style, true)
      if (number === 0 || (keep && y + lines.length * style.leading + more > bottom)) nextColumn()
      for (const line of lines) {
        if (y + style.leading > bottom) nextColumn()
        setLine(line, page.margin + column * (columnWidth + gutter), columnWidth, style)
      }
      y += style.after
      return number
    },
  }
}
