/** How a font looks, told from what the PDF says of it. */
export interface FontStyle {
  /** Name without subset prefix; empty when the font has none (Type 3). */
  name: string
  bold: boolean
  italic: boolean
}

/** Font descriptor flags (ISO 32000-1, table 123), bits 7 and 19. */
const italicFlag = 1 << 6
const forceBoldFlag = 1 << 18

/** Names that say it in words or the usual abbreviations; URW calls its bold cuts Medi, some publishers append `.B`. */
const boldWords = /bold|black|heavy|demi|-(?:bd|hv|blk)(?![a-z])|-medi(?:ital|obli)?$|\.bi?(?:\+|$)/i
const italicWords = /ital|obli|slant|[ck]ursiv|-it(?![a-z])|\.b?i(?:\+|$)/i
/** `LightIt`, `BoldIt`: told from words that end in "it" by the capital. */
const italicEnding = /[a-z]It$/
/** Computer Modern and its kin (cm, cm-super's sf, ec) have families instead: bx, ti, sl, mi, ssbx, … and the size. */
const boldTeXFamily = /^(?:cm|sf|ec)(?:ss|tt)?(?:b|bx|bxti|bxsl|bsy|mib|sx|bi)\d/i
const italicTeXFamily = /^(?:cm|sf|ec)(?:bx)?(?:ti|sl|mi|mib|ssi|si|so|itt|it|sltt|st|bi)\d/i

const subsetPrefix = /^[A-Z]{6}\+/

/**
 * A font's style from its PostScript name and its descriptor's flags. The weight that PDFium offers is not used: it is
 * computed from StemV, by which Latin Modern's regular cut (744) would be bolder than Nimbus Roman's bold (700).
 */
export function fontStyleOf(baseName: string, flags: number): FontStyle {
  const name = baseName.replace(subsetPrefix, '')
  return {
    name,
    bold: boldWords.test(name) || boldTeXFamily.test(name) || (flags & forceBoldFlag) !== 0,
    italic:
      italicWords.test(name) ||
      italicEnding.test(name) ||
      italicTeXFamily.test(name) ||
      (flags & italicFlag) !== 0,
  }
}
