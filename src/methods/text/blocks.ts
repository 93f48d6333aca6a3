/** A line of plain text, `[start, end)` without its line break and the white space around it. */
interface Line {
  start: number
  end: number
  /** Whether an empty line, a form feed or a paragraph separator stands before it. */
  apart: boolean
}

/** Headings that stand alone on a line in papers of every field. */
const knownHeading =
  /^(?:(?:\d{1,2}|[IVX]{1,5})\.?\s+)?(?:abstract|summary|introduction|background|related work|methods?|materials and methods|methodology|results|results and discussion|discussion|conclusions?|limitations|acknowledge?ments?|references|bibliography|appendix|keywords)\s*:?$/i
const bullet = /^[•▪◦‣●○■□▶➢✓]\s*\S/u
const dashBullet = /^[-–—*∗]\s+\S/u
const itemNumber = /^(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)|\d{1,2}\.)\s+\S/
const headingNumber = /^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|[A-H](?:\.\d{1,2}){0,2}\.?)\s+\p{Lu}/u
const opensAfresh = /^[“"'‘]?[\p{Lu}\p{Lt}]|^\p{N}/u
const endsSentence = /[.!?…。！？][\p{Pe}\p{Pf}"'*†‡]*(?:\[?[\d,–-]{1,12}\]?)?$/u
const goesOn =
  /[,;(\u2010–—-]$|\b(?:a|an|and|are|as|at|by|for|from|in|is|it|its|of|on|or|our|that|the|their|these|this|to|was|we|were|which|with)$/i
/** A line much shorter than its neighbours was ended by its author, not by the edge of the column. */
const shortShare = 0.7
/** Lines on either side from which the usual length of a line is taken. */
const neighbours = 7
const longestHeading = 100

/**
 * Cuts text into blocks that no sentence crosses: paragraphs (apart by an empty line), headings, items of lists and
 * lines of tables, as far as the lengths and beginnings of lines show them. Single line breaks within a paragraph do not
 * cut. Offsets count UTF-16 units; blocks have no white space at their ends and are in order.
 */
export function blocksOf(text: string): { start: number; end: number }[] {
  const blocks: { start: number; end: number }[] = []
  const lines = linesOf(text)
  for (const [index, line] of lines.entries()) {
    const previous = lines[index - 1]
    const block = blocks.at(-1)
    if (!block || !previous || line.apart || cuts(text, lines, index)) {
      blocks.push({ start: line.start, end: line.end })
    } else block.end = line.end
  }
  return blocks
}

/** Whether a block ends between line `index - 1` and line `index`. */
function cuts(text: string, lines: readonly Line[], index: number): boolean {
  const before = lines[index - 1]!
  const line = lines[index]!
  const head = text.slice(line.start, Math.min(line.end, line.start + longestHeading + 1))
  const tail = text.slice(Math.max(before.start, before.end - longestHeading - 1), before.end)
  const lineLength = line.end - line.start
  const beforeLength = before.end - before.start
  if (knownHeading.test(head) || knownHeading.test(tail)) return true
  if (bullet.test(head)) return true
  const ended = endsSentence.test(tail)
  if (ended) {
    return itemNumber.test(head) || dashBullet.test(head) || headingNumber.test(head)
  }
  if (/[:;]$/.test(tail) && (itemNumber.test(head) || dashBullet.test(head))) return true
  if (goesOn.test(tail) || !opensAfresh.test(head)) return false
  // A numbered heading before running text.
  if (headingNumber.test(tail) && beforeLength <= longestHeading && beforeLength < shortShare * lineLength) {
    return true
  }
  return beforeLength < shortShare * Math.min(usualLength(lines, index), longestNear(lines, index))
}

/** Median length of the lines around that are long enough to be of running text; joined hyphenations do not move it. */
function usualLength(lines: readonly Line[], index: number): number {
  const lengths = lines
    .slice(Math.max(0, index - neighbours), index + neighbours)
    .map(({ start, end }) => end - start)
    .filter((length) => length >= 20)
    .sort((a, b) => a - b)
  return lengths[lengths.length >> 1] ?? 0
}

/** Length of the longest line next to the break that may end between line `index - 1` and line `index`. */
function longestNear(lines: readonly Line[], index: number): number {
  const near = [lines[index]!]
  const next = lines[index + 1]
  const beforeThat = lines[index - 2]
  if (next && !next.apart) near.push(next)
  if (beforeThat && !lines[index - 1]!.apart) near.push(beforeThat)
  return Math.max(...near.map(({ start, end }) => end - start))
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let apart = false
  let at = 0
  while (at < text.length) {
    let stop = at
    while (stop < text.length && !isLineBreak(text.charCodeAt(stop))) stop++
    let start = at
    let end = stop
    while (start < end && isBlank(text.charCodeAt(start))) start++
    while (end > start && isBlank(text.charCodeAt(end - 1))) end--
    if (end > start) {
      lines.push({ start, end, apart })
      apart = false
    } else if (at > 0) apart = true
    const code = text.charCodeAt(stop)
    if (code === 0x0c || code === 0x2029) apart = true
    at = stop + (code === 0x0d && text.charCodeAt(stop + 1) === 0x0a ? 2 : 1)
  }
  return lines
}

function isLineBreak(code: number): boolean {
  return (code >= 0x0a && code <= 0x0d) || code === 0x85 || code === 0x2028 || code === 0x2029
}

function isBlank(code: number): boolean {
  return (
    code === 0x20 ||
    code === 0x09 ||
    code === 0xa0 ||
    code === 0x3000 ||
    code === 0xfeff ||
    (code >= 0x2000 && code <= 0x200b)
  )
}
