import type { Sentence } from '../../contract/report.ts'
import { escapeMarkdown } from './escape.ts'

/** A sentence with its citations before its last mark: `The error fell [[1]](#evidence-1).` */
export function sentenceMarkdown(sentence: Sentence): string {
  if (sentence.citations.length === 0) return escapeMarkdown(sentence.text)
  const { body, mark } = splitLastMark(sentence.text)
  return `${escapeMarkdown(body)} ${citationLinks(sentence.citations)}${mark}`
}

/** Citations as links to their places in the evidence list. */
export function citationLinks(numbers: readonly number[]): string {
  return numbers.map((number) => `[[${number}]](#evidence-${number})`).join(' ')
}

/** A list item for each text; says so when there are none. */
export function bulletList(texts: readonly string[], whenEmpty: string): string {
  return texts.length === 0 ? whenEmpty : texts.map((text) => `- ${text}`).join('\n')
}

/** A table of cells that are Markdown already; cells hold no line break and no bare `|`. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Cuts a sentence before its closing mark, so that citations can stand there. */
function splitLastMark(text: string): { body: string; mark: string } {
  const mark = /[.!?]$/.exec(text.trimEnd())?.[0] ?? ''
  return { body: text.trimEnd().slice(0, text.trimEnd().length - mark.length), mark }
}
