/**
 * Advance widths of Helvetica in thousandths of the font size, for U+0020 to U+007E (Adobe Core 14 AFM files). Arial and
 * Liberation Sans have the same widths.
 */
const helvetica = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]

/** Room for fonts that run wider than Helvetica, as DejaVu Sans does. */
const allowance = 1.17

/** An upper estimate of a text's width in a sans-serif font, in the unit of `fontSize`. Unknown characters count one em. */
export function textWidth(text: string, fontSize: number): number {
  let thousandths = 0
  for (const character of text) {
    const code = character === '\u00a0' ? 0 : character.codePointAt(0)! - 0x20
    thousandths += helvetica[code] ?? 1000
  }
  return (thousandths / 1000) * fontSize * allowance
}

/** Breaks text into lines that fit `width`: at spaces, and inside a word only when the word alone is too wide. */
export function wrapped(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => pieces(one, width, fontSize))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer, fontSize) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  if (line !== '') lines.push(line)
  return lines
}

function pieces(word: string, width: number, fontSize: number): string[] {
  if (textWidth(word, fontSize) <= width) return [word]
  const parts: string[] = []
  let part = ''
  let used = 0
  for (const character of word) {
    const advance = textWidth(character, fontSize)
    if (part !== '' && used + advance > width) {
      parts.push(part)
      part = ''
      used = 0
    }
    part += character
    used += advance
  }
  return [...parts, part]
}
