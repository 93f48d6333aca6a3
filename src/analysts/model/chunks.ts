import type { PageText } from '../../evidence/document-index.ts'
import { byteLength } from './text.ts'

/**
 * Bound of the page text in one question, in bytes of UTF-8: about 8,000 tokens, which leaves room for instructions and
 * answer in the 16,000 that small local models take.
 */
const mostBytes = 32_000

/**
 * A paper's pages in groups that fit into a question, parted between pages. A page that does not fit alone is parted, too,
 * between words where it has any, and its parts keep its number. Pages without text are left out.
 */
export function chunksOf(pages: readonly PageText[], most = mostBytes): PageText[][] {
  const chunks: PageText[][] = []
  let room = 0
  for (const part of pages.flatMap((page) => partsOf(page, most))) {
    const size = byteLength(part.text)
    if (size > room || chunks.length === 0) {
      chunks.push([])
      room = most
    }
    chunks.at(-1)!.push(part)
    room -= size
  }
  return chunks
}

function partsOf({ number, text }: PageText, most: number): PageText[] {
  if (byteLength(text) <= most) return /\S/.test(text) ? [{ number, text }] : []
  // A unit of UTF-16 is at most three bytes, so this many always fit.
  const units = Math.max(2, Math.floor(most / 3))
  const parts: PageText[] = []
  for (let start = 0; start < text.length; ) {
    const end = start + units >= text.length ? text.length : start + wordsIn(text.slice(start, start + units))
    parts.push({ number, text: text.slice(start, end) })
    start = end
  }
  return parts.filter(({ text: part }) => /\S/.test(part))
}

/** How much of a text ends with a whole word; all but half a character where there is no space in its second half. */
function wordsIn(text: string): number {
  const space = text.search(/\s\S*$/)
  if (space > text.length / 2) return space
  return /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length
}
