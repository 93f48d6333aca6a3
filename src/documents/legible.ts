/** Fewer letters than this do not tell writing from noise. */
const enoughLetters = 100
/** Share of a, e, i, o, u among the letters of languages in Latin script, with room; shuffled alphabets miss it. */
const fewestVowels = 0.27
const mostVowels = 0.6
/** Control characters, read as U+FFFD, are what unmapped spaces and rare letters become. */
const mostControls = 0.005

/**
 * Whether text of which the font does not say what it means looks like writing all the same. Many fonts without a map to
 * Unicode number their glyphs as ASCII does, and their text is right; others give a substitution cipher.
 */
export function looksLikeWriting(texts: Iterable<string>): boolean {
  let units = 0
  let controls = 0
  let latin = 0
  let vowels = 0
  let foreign = 0
  for (const text of texts) {
    units += text.length
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      const lower = unit | 0x20
      if (unit === 0xfffd || (unit >= 0x7f && unit < 0xa0)) controls++
      else if (lower >= 0x61 && lower <= 0x7a) {
        latin++
        if (lower === 0x61 || lower === 0x65 || lower === 0x69 || lower === 0x6f || lower === 0x75) vowels++
      } else if (unit > 0xbf) foreign++
    }
  }
  if (latin + foreign < enoughLetters || controls > units * mostControls) return false
  return latin < foreign || (vowels >= latin * fewestVowels && vowels <= latin * mostVowels)
}
