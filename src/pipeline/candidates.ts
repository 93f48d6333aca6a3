import type { ScreeningCandidate } from '../analysts/analyst.ts'
import type { BibliographicRecord, Paper } from '../contract/paper.ts'
import { pageTexts } from '../store/documents.ts'
import { papersOf, recordsOf } from '../store/papers.ts'
import type { TaskContext } from './task.ts'

/** How much of a paper's text screening is shown, in characters. */
const openingLength = 20_000

/** The papers that can be judged at all. */
export async function judgeablePapers(sql: TaskContext['sql'], session: string): Promise<Paper[]> {
  const records = new Map((await recordsOf(sql, session)).map((record) => [record.key, record]))
  return (await papersOf(sql, session)).filter((paper) => !isOnlyAName(paper, records))
}

/** The same with the opening of their text. */
export async function candidatesOf({
  sql,
  session,
}: Pick<TaskContext, 'sql' | 'session'>): Promise<ScreeningCandidate[]> {
  const candidates: ScreeningCandidate[] = []
  for (const paper of await judgeablePapers(sql, session.id)) {
    const opening = paper.document === undefined ? '' : await openingOf(sql, paper.document)
    candidates.push(opening === '' ? { paper } : { paper, opening })
  }
  return candidates
}

/** Whether all that is known is a file that cannot be read: there is nothing to judge, and the report lists it apart. */
function isOnlyAName(paper: Paper, records: ReadonlyMap<string, BibliographicRecord>): boolean {
  if (!paper.failure || paper.fields.abstract !== undefined) return false
  return paper.records.every((key) => records.get(key)?.origins.title === 'file-name')
}

async function openingOf(sql: TaskContext['sql'], document: string): Promise<string> {
  const texts = await pageTexts(sql, document)
  return [...texts.values()].join('\n').slice(0, openingLength)
}
