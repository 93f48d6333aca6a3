/** Lines looked at from the top and from the bottom of a page, in the order of its text. */
const edge = 5
/** A line is running when it stands on two pages and on this share of them: left and right pages often differ. */
const runningShare = 0.25
const pageNumber =
  /^\W{0,3}(?:(?:page|p\.|s\.)\s*)?(?:\d{1,4}|(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})|[A-Z]\.?\d{1,3})(?:\s*(?:of|\/)\s*\d{1,4})?\W{0,3}$/i

interface EdgeLine {
  start: number
  end: number
  key: string
}

/**
 * The body of each page as a range `[start, end)` of its text: what stands between the running headers and footers,
 * page numbers included. A line is running if the same line, apart from its digits, stands at the same edge of at least
 * two pages and a quarter of all. Only the order of the text is needed; a header that a file writes in the middle of a
 * page's text stays.
 */
export function pageBodies(pages: readonly { text: string }[]): { start: number; end: number }[] {
  const tops = pages.map(({ text }) => edgeLines(text, 'top'))
  const bottoms = pages.map(({ text }) => edgeLines(text, 'bottom'))
  const runningTop = repeatedKeys(tops)
  const runningBottom = repeatedKeys(bottoms)
  return pages.map(({ text }, index) => {
    let start = 0
    for (const line of tops[index]!) {
      if (!isRunning(line.key, runningTop)) break
      start = line.end
    }
    let end = text.length
    for (const line of bottoms[index]!) {
      if (line.start < start || !isRunning(line.key, runningBottom)) break
      end = line.start
    }
    return { start, end }
  })
}

/** What is the same in the running lines of two pages: the line in lower case with each number as `#`. */
export function runningKey(line: string): string {
  return line.slice(0, 200).toLowerCase().replaceAll(/\d+/g, '#').replaceAll(/\s+/g, ' ').trim()
}

/** Whether a line holds nothing but a page number, as "12", "– xii –", "Page 3 of 10". */
export function isPageNumber(line: string): boolean {
  return line.length <= 24 && pageNumber.test(line.trim())
}

/** Keys that stand on enough of the pages to be running; each page counts once. */
export function runningKeys(pages: readonly (readonly string[])[]): Set<string> {
  const counts = new Map<string, number>()
  for (const keys of pages) for (const key of new Set(keys)) counts.set(key, (counts.get(key) ?? 0) + 1)
  const least = Math.max(2, Math.ceil(pages.length * runningShare))
  return new Set([...counts].filter(([key, count]) => key !== '' && count >= least).map(([key]) => key))
}

function repeatedKeys(edges: readonly (readonly EdgeLine[])[]): Set<string> {
  return runningKeys(edges.map((lines) => lines.map(({ key }) => key)))
}

function isRunning(key: string, running: ReadonlySet<string>): boolean {
  return running.has(key) || isPageNumber(key.replaceAll('#', '1'))
}

function edgeLines(text: string, side: 'top' | 'bottom'): EdgeLine[] {
  const lines: EdgeLine[] = []
  let at = side === 'top' ? 0 : text.length
  while (lines.length < edge && (side === 'top' ? at < text.length : at > 0)) {
    const start = side === 'top' ? at : lastBreak(text, at)
    const end = side === 'top' ? firstBreak(text, at) : at
    const key = runningKey(text.slice(start, Math.min(end, start + 400)))
    if (key !== '') lines.push({ start, end, key })
    at = side === 'top' ? end + 1 : start - 1
  }
  return lines
}

function firstBreak(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at
}

function lastBreak(text: string, before: number): number {
  return before === 0 ? 0 : text.lastIndexOf('\n', before - 1) + 1
}
