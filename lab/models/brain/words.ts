import { splitSentences } from '../../../src/methods/text/sentences.ts'
import { tokenize } from '../../../src/methods/text/tokens.ts'

/** Stems of a text without function words. */
export function stemsOf(text: string): Set<string> {
  return new Set(tokenize(text, { compounds: false }))
}

/** Share of the wanted stems that are found; 0 when none is wanted. */
export function shareFound(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number {
  return wanted.size === 0 ? 0 : [...wanted].filter((stem) => found.has(stem)).length / wanted.size
}

/** Sentences of a page as a person would copy them: line breaks are spaces. */
export function sentencesOn(page: string): string[] {
  return splitSentences(page).map(({ start, end }) => page.slice(start, end).replace(/\s+/g, ' '))
}
