/** Spacing accents as they are set over a letter by old TeX fonts, with the combining mark that each stands for. */
const combiningMarks: Record<string, string> = {
  '´': '\u0301',
  '`': '\u0300',
  '¨': '\u0308',
  ˆ: '\u0302',
  '^': '\u0302',
  '˜': '\u0303',
  '~': '\u0303',
  '¯': '\u0304',
  '˘': '\u0306',
  '˙': '\u0307',
  '¸': '\u0327',
  '˛': '\u0328',
  '˚': '\u030a',
  ˇ: '\u030c',
  '˝': '\u030b',
}

/** The combining mark of a spacing accent, or `undefined` for any other character. */
export function combiningMarkOf(character: string): string | undefined {
  return combiningMarks[character]
}

/** A letter under an accent as one character: `e` and U+0301 give `é`, a dotless `ı` gives `í`. */
export function accented(letter: string, mark: string): string {
  const base = letter === 'ı' ? 'i' : letter === 'ȷ' ? 'j' : letter
  return (base + mark).normalize('NFC')
}

/**
 * Text from a PDF or a companion file as one line of readable characters: presentation ligatures undone,
 * accents before their letter joined with it (`Gy´ongyi`), control and invisible characters removed, white space single.
 */
export function repairText(text: string): string {
  return text
    .replace(/[ﬀ-ﬆ]/g, (ligature) => ligature.normalize('NFKD'))
    .replace(/([´`¨ˆ˜¯˘˙˚ˇ˝]) ?(\p{L})/gu, (whole, accent: string, letter: string) => {
      const composed = accented(letter, combiningMarks[accent] ?? '')
      return composed.length === 1 ? composed : whole
    })
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ufffd-\uffff]/g, '')
    .replace(/[\p{Cc}\p{Z}\s]+/gu, ' ')
    .trim()
    .normalize('NFC')
}

/** Letters and digits alone, lower case, without accents: what two spellings of one title have in common. */
export function lettersAndDigits(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
