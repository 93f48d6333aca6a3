import type { EmbeddedMetadata } from '../../contract/document.ts'
import type { FieldOrigin } from '../../contract/paper.ts'
import { lettersAndDigits, repairText } from '../../methods/text/text-repair.ts'
import { type Segment, textOf } from './segments.ts'

/** A title and where it stands, so that the authors can be looked for below it. */
export interface FoundTitle {
  text: string
  origin: FieldOrigin
  /** The title's segments on the page; empty when it was not found there. */
  segments: Segment[]
}

/** Names that programs, publishers and templates leave in the title field of a PDF. */
const uselessTitle =
  /^(?:microsoft word|untitled|powerpoint|slide \d|title|paper|article|manuscript|document|main|proceedings of|pii[:\s]|doi[:\s]|10\.\d|arxiv|.{0,3}$)|\.(?:docx?|dvi|tex|pdf|ps|eps|indd|qxd|odt|rtf|pages|txt)$/i

/** Lines in large print on a first page that are not its title. */
const banner =
  /^(?:(?:original |full |short |regular |invited )?(?:research|review|article|paper|communication|letters?|report|editorial|technical note|case report|survey|tutorial|perspective|commentary)(?: article| paper| communications?| reports?)?|open(?: access)?|abstract|summary|contents?|table of contents|keywords?|introduction|references|preprint|draft|supplementary (?:material|information)|check for updates|www\..*|https?:.*|journal of .{0,60}|proceedings of .*|(?:ieee|acm) transactions on .*|lecture notes in .*|.{0,40} journal|available online.*|contents lists available.*|journal homepage.*|vol(?:ume)?\.? \d.*|.{0,60}\bissn\b.*|(?:replication|reproduction) \/ .*|scientific reports|nature communications|plos .{1,30}|elsevier|springer|science ?direct|(?:ma|ph\.? ?d\.?|master'?s?|bachelor'?s?|doctoral) (?:thesis|dissertation))$/i

/** The title that the file itself states, unless it is one of the names that programs leave there. */
export function embeddedTitle(metadata: EmbeddedMetadata): string | undefined {
  const title = repairText(metadata.title ?? '').replace(/<\/?(?:i|b|sub|sup|em)>/gi, '')
  return title === '' || uselessTitle.test(title) || !/\p{L}{2}/u.test(title) ? undefined : title
}

/**
 * Finds the title on the first page: the block in the largest print above the abstract that is not a journal's banner,
 * helped by the embedded title where the page agrees with it. Without such a block the embedded title is taken, and
 * last the file's name.
 */
export function findTitle(
  segments: readonly Segment[],
  options: {
    pageHeight: number
    bodySize: number
    embedded: string | undefined
    fileName: string
    abstractTop: number | undefined
  },
): FoundTitle {
  const embeddedLetters = lettersAndDigits(options.embedded ?? '')
  let best: { score: number; block: Segment[]; text: string } | undefined
  for (const whole of blocksOf(segments)) {
    const block = untilEmbedded(whole, embeddedLetters)
    const text = titleText(block)
    if (!eligible(block, text, options)) continue
    const score = scoreOf(block, text, options.bodySize, embeddedLetters, options.pageHeight)
    if (!best || score > best.score) best = { score, block, text }
  }
  const page = lettersAndDigits(textOf(segments))
  const embeddedOnPage = embeddedLetters.length >= shortestSure && page.includes(embeddedLetters)
  // Print no larger than the text's is no sign of a title; the file's own word for it, found on the page, is.
  const plain = best !== undefined && best.block[0]!.fontSize < 1.1 * options.bodySize
  const agreed = best !== undefined && agree(lettersAndDigits(best.text), embeddedLetters)
  if (best && !(plain && !agreed && embeddedOnPage)) {
    return { text: preferEmbedded(best.text, options.embedded), origin: 'pdf-text', segments: best.block }
  }
  if (options.embedded !== undefined) {
    return { text: options.embedded, origin: 'pdf-metadata', segments: [] }
  }
  return { text: titleOfFileName(options.fileName), origin: 'file-name', segments: [] }
}

/** Shorter texts may stand in each other or on a page by chance. */
const shortestSure = 12

function agree(a: string, b: string): boolean {
  return a.length >= shortestSure && b.length >= shortestSure && (a.includes(b) || b.includes(a))
}

function eligible(
  block: readonly Segment[],
  text: string,
  { pageHeight, abstractTop }: { pageHeight: number; abstractTop: number | undefined },
): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  return (
    letters >= 5 &&
    letters > text.length / 2 &&
    text.length <= 400 &&
    block[0]!.top > 0.3 * pageHeight &&
    (abstractTop === undefined || block[0]!.top > abstractTop) &&
    !banner.test(text) &&
    !/@|\bISSN\b|^(?:vol|no)\b/i.test(text) &&
    !/^(?:\p{L} ){4}/u.test(text)
  )
}

function scoreOf(
  block: readonly Segment[],
  text: string,
  bodySize: number,
  embeddedLetters: string,
  pageHeight: number,
): number {
  const { fontSize, bold, top } = block[0]!
  const words = text.split(' ').length
  const letters = lettersAndDigits(text)
  const shouted = text === text.toUpperCase() && words > 2 ? 0.8 : 0
  let score = Math.min(fontSize / bodySize, 3) * 8 + (bold ? 0.6 : 0) + Math.min(words, 6) * 0.3 + shouted
  score += (top / pageHeight) * 2
  if (words === 1) score -= 3
  if (words > 35) score -= 4
  if (embeddedLetters.length >= 8) {
    if (letters === embeddedLetters) score += 12
    else if (
      letters.length >= 12 &&
      (embeddedLetters.includes(letters) || letters.includes(embeddedLetters))
    ) {
      score += 7
    }
  }
  return score
}

/** Segments that follow each other in one size of print, line under line, as blocks. */
function blocksOf(segments: readonly Segment[]): Segment[][] {
  const blocks: Segment[][] = []
  for (const segment of segments) {
    if (segment.rotated) continue
    const last = blocks.at(-1)?.at(-1)
    if (last && belongsTogether(last, segment)) blocks.at(-1)!.push(segment)
    else blocks.push([segment])
  }
  return blocks
}

/** The block as far as the embedded title goes, where it begins with it: authors may follow in the same print. */
function untilEmbedded(block: Segment[], embeddedLetters: string): Segment[] {
  for (let lines = 1; embeddedLetters.length >= shortestSure && lines < block.length; lines++) {
    const start = block.slice(0, lines)
    if (lettersAndDigits(textOf(start)) === embeddedLetters) return start
  }
  return block
}

function belongsTogether(above: Segment, below: Segment): boolean {
  const size = above.fontSize
  if (Math.abs(size - below.fontSize) > 0.04 * size || above.bold !== below.bold) return false
  const sameRow = Math.abs(above.bottom - below.bottom) < 0.5 * size
  const gap = above.bottom - below.top
  const nextRow = gap > -0.6 * size && gap < 0.95 * size
  return sameRow || (nextRow && below.left < above.right && below.right > above.left)
}

function titleText(block: readonly Segment[]): string {
  const last = block.at(-1)!
  const text = textOf(block)
  const unmarked = last.marked.endsWith('¹')
    ? text.replace(/(?:\p{N}+|\s\p{Ll}|(?<=\p{Ll})[a-c])$/u, '')
    : text
  return unmarked.replace(/[\s*∗†‡§¶#⋆✩☆]+$/u, '').trim()
}

/** The embedded spelling when it differs from the page's in spaces, hyphens or capitals only. */
function preferEmbedded(onPage: string, embedded: string | undefined): string {
  if (embedded === undefined || lettersAndDigits(embedded) !== lettersAndDigits(onPage)) return onPage
  if (embedded === embedded.toUpperCase()) return onPage
  const shouted = onPage === onPage.toUpperCase()
  const lostHyphen = (embedded.match(/[-‐–—]/g)?.length ?? 0) > (onPage.match(/[-‐–—]/g)?.length ?? 0)
  const sameLetters = embedded.replace(/[^\p{L}]/gu, '') === onPage.replace(/[^\p{L}]/gu, '')
  return shouted || (lostHyphen && sameLetters) ? embedded : onPage
}

/** A file's name as a title of last resort: without folders, ending and underscores. */
export function titleOfFileName(fileName: string): string {
  const name = fileName
    .split('/')
    .at(-1)!
    .replace(/\.pdf$/i, '')
  return repairText(name.replace(/[_+]+/g, ' ')) || 'Untitled'
}
