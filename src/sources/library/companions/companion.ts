import type { BibliographicFields } from '../../../contract/paper.ts'

/** One reference of a companion file. */
export interface CompanionEntry {
  /** Its name in the file: a citation key, an identifier, or its position from 1. */
  name: string
  fields: BibliographicFields
  /** Paths of its files as the companion gives them, relative to it or absolute on some machine. */
  files: string[]
}

/** Something in a companion file that could not be read. */
export interface CompanionProblem {
  /** 1-based line, where it is known. */
  line?: number
  message: string
}

/** What a companion file holds: what could be read, and what could not. */
export interface CompanionReading {
  entries: CompanionEntry[]
  problems: CompanionProblem[]
}

/** More references than this are not taken from one file; the rest is reported. */
export const mostEntries = 50_000
/** More problems than this are not listed one by one. */
const mostProblems = 20

/** The 1-based number of the line that an offset of a text stands on. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** Problems up to the limit, and one line that counts the rest. */
export function limitProblems(problems: readonly CompanionProblem[]): CompanionProblem[] {
  if (problems.length <= mostProblems) return [...problems]
  const rest = problems.length - mostProblems
  return [...problems.slice(0, mostProblems), { message: `${rest} more entries could not be read.` }]
}
