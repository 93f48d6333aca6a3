import { type Characters, noStyle } from './characters.ts'

/** Codes 0x0B to 0x1F of TeX's old text encoding, from LaTeX's ot1enc.def. */
const ot1 = [...'ﬀﬁﬂﬃﬄıȷ`´ˇ˘¯˚¸ßæœøÆŒØ']
const ot1First = 0x0b
/** Codes 0x10 to 0x1F of the Cork encoding, from LaTeX's t1enc.def; 0x17 and 0x18 are no letters of a word. */
const cork = [...'“”„«»–—\0\0ıȷﬀﬁﬂﬃﬄ']
const corkFirst = 0x10

/** Stands for a shape of which nobody can tell what it means (Unicode, U+FFFD). */
const unknownCharacter = 0xfffd

/** Fonts of signs, in which the codes of ligatures are Greek letters, relations and braces. */
const signs = /^(?:cmmi|cmsy|cmbsy|cmex|ms[ab]m|eu[efrs][mbx]|rsfs|wasy|stmary)|math|symbol/i

const isControl = (unit: number) => unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d

/**
 * Reads the control characters that fonts without a map to Unicode give for their first codes, in place and one unit for
 * one, so that boxes stay aligned. Where a font's other text shows that it is set in the Cork encoding (T1) or in TeX's
 * old one (OT1), they are its ligatures (U+FB00 to U+FB04), quotes, dashes and letters; all others become U+FFFD rather
 * than nothing, because a lost "≤" would turn a sentence's meaning. Tabs and line breaks stay.
 */
export function readControls(characters: Characters): void {
  const { units, styleOf } = characters
  if (!units.some(isControl)) return
  const encodings = encodingsOf(characters)
  for (let at = 0; at < units.length; at++) {
    const unit = units[at]!
    const encoding = encodings.get(styleOf[at]!)
    // A break between lines is PDFium's own and has no font: a carriage return of an OT1 font is its fl.
    if (!isControl(unit) && !(encoding === 'ot1' && unit === 0x0d)) continue
    const character = encoding === 'ot1' ? ot1[unit - ot1First] : encoding && cork[unit - corkFirst]
    units[at] = character?.charCodeAt(0) || unknownCharacter
  }
}

/** The encodings that can be told, by the index of the style. A font in two sizes is taken for two. */
function encodingsOf({ units, styleOf, styles }: Characters): Map<number, Encoding> {
  const texts = new Map<number, string>()
  for (let at = 0; at < units.length; at++) {
    const style = styleOf[at]!
    if (style === noStyle || signs.test(styles[style]!.name)) continue
    const gap = at > 0 && styleOf[at - 1] !== style ? ' ' : ''
    const unit = units[at]!
    const shown = String.fromCharCode(unit < 0x20 ? unit + controlPictures : unit)
    texts.set(style, (texts.get(style) ?? '') + gap + shown)
  }
  const encodings = new Map<number, Encoding>()
  for (const [style, text] of texts) {
    const encoding = encodingOf(text)
    if (encoding) encodings.set(style, encoding)
  }
  return encodings
}

type Encoding = 'cork' | 'ot1'

/** Block of Unicode with a visible sign for each control character (␛ for 0x1B), which patterns can hold. */
const controlPictures = 0x2400

const longWords = /[\p{L}␋-␏␛-␟]{4,}/gu
const ot1Ligatures = /(?<=\p{L})[␋-␏]|[␋-␏](?=\p{Ll})/gu
const corkLigatures = /(?<=\p{L})[␛-␟]|[␛-␟](?=\p{Ll})/gu
/** An opening quote before a word, a closing one after it, or a dash in a range of numbers. */
const corkSigns = /(?<!\p{L})␐(?=\p{L})|(?<=[\p{L}.,?!])␑(?!\p{L})|(?<=\d)␕(?=\d)/u

/**
 * The encoding that a font's text on a page shows. It has to be a font of words: in formulas most letters stand alone.
 * Where `ffl` would be more frequent than `fi`, the codes were given out anew by some program and mean neither.
 */
function encodingOf(text: string): Encoding | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const inLongWords = (text.match(longWords) ?? []).reduce((sum, word) => sum + word.length, 0)
  if (inLongWords === 0 || inLongWords < letters / 2) return undefined
  const old = text.match(ot1Ligatures) ?? []
  const newer = text.match(corkLigatures) ?? []
  if (old.length > newer.length) return atLeastAsMany(old, '␌', '␏') ? 'ot1' : undefined
  if (newer.length === 0) return corkSigns.test(text) ? 'cork' : undefined
  return atLeastAsMany(newer, '␜', '␟') ? 'cork' : undefined
}

function atLeastAsMany(codes: readonly string[], usual: string, rare: string): boolean {
  return codes.filter((code) => code === usual).length >= codes.filter((code) => code === rare).length
}
