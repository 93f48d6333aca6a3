import { splitSentences } from './sentences.ts'
import { words } from './tokens.ts'

/** A stretch of a text, `[start, end)` in UTF-16 units. */
export interface Passage {
  readonly start: number
  readonly end: number
}

/** A passage ends with the sentence that brings it to so many words. */
const passageWords = 200
/** Sentences at its end with about so many words begin the next passage too, so that what is said across a cut is found. */
const overlapWords = 40
/** A sentence of more words is a table or an attack and is cut. */
const longestSentence = 400

/** Cuts a text at its sentences into passages of about 200 words that overlap; a text with fewer is one passage. */
export function cutPassages(text: string): Passage[] {
  const sentences = splitSentences(text).flatMap((sentence) => shortened(text, sentence))
  const passages: Passage[] = []
  let first = 0
  while (first < sentences.length) {
    let last = first
    let count = sentences[first]!.count
    while (count < passageWords && last + 1 < sentences.length) count += sentences[++last]!.count
    if (count > 0) passages.push({ start: sentences[first]!.start, end: sentences[last]!.end })
    if (last + 1 === sentences.length) break
    let next = last + 1
    let shared = 0
    while (next - 1 > first && shared + sentences[next - 1]!.count <= overlapWords)
      shared += sentences[--next]!.count
    first = next
  }
  return passages
}

function shortened(text: string, { start, end }: Passage): (Passage & { count: number })[] {
  const found = words(text.slice(start, end))
  if (found.length <= longestSentence) return [{ start, end, count: found.length }]
  const pieces: (Passage & { count: number })[] = []
  for (let at = 0; at < found.length; at += passageWords) {
    const piece = found.slice(at, at + passageWords)
    pieces.push({ start: start + piece[0]!.start, end: start + piece.at(-1)!.end, count: piece.length })
  }
  return pieces
}
