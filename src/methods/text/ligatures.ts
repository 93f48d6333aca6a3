/**
 * A text with its Latin ligatures (U+FB00 to U+FB06: "ﬁ", "ﬂ", "ﬀ" …) spelt out, so that patterns of words match it. Nothing
 * else changes: full NFKC would also turn the letters of formulas into those of words.
 */
export function withoutLigatures(text: string): string {
  return text.replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize('NFKC'))
}
