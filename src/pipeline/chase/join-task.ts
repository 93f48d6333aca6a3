import type { BibliographicRecord, Paper } from '../../contract/paper.ts'
import { findDuplicates } from '../../methods/duplicates/duplicates.ts'
import { paperOf } from '../../methods/duplicates/merge.ts'
import { withYearSuffixes } from '../../methods/references/short-reference.ts'
import { papersOf, recordsOf, replacePapers, storePapers } from '../../store/papers.ts'
import { coreScores, decisionsOf, storeDecisions } from '../../store/screening.ts'
import { candidatesOf } from '../candidates.ts'
import { judgePapers } from '../judge-papers.ts'
import { type TaskKind, whole } from '../task.ts'

/**
 * Joins what chasing has found to the review: records of papers that are there already are added to these, which stay what
 * they are; the others become papers and are screened like those that were searched for.
 */
export const joinTask: TaskKind = {
  name: 'join',
  phase: 'chase',
  queue: 'synthesis',
  essential: true,

  items: async () => [...whole],

  async run(context) {
    const { sql, session } = context
    const papers = await papersOf(sql, session.id)
    const { found, changed } = joinRecords(papers, await recordsOf(sql, session.id))
    const candidates = [...(await candidatesOf(context)), ...found.map((paper) => ({ paper }))]
    const ids = new Set(found.map(({ id }) => id))
    const core = (await coreScores(sql, session.id)).size
    const decisions = found.length === 0 ? [] : await judgePapers(context, candidates, core)
    return async (transaction) => {
      await replacePapers(transaction, session.id, changed)
      await storePapers(transaction, session.id, found)
      await storeDecisions(
        transaction,
        session.id,
        decisions.filter(({ paperId }) => ids.has(paperId)),
      )
    }
  },

  async counts({ sql, session }) {
    const records = (await recordsOf(sql, session.id)).filter(({ foundBy }) => foundBy)
    const chased = new Set(records.map(({ key }) => key))
    const papers = (await papersOf(sql, session.id)).filter((paper) => isNew(paper, chased))
    const core = new Set(
      (await decisionsOf(sql, session.id))
        .filter(({ tier }) => tier === 'core')
        .map(({ paperId }) => paperId),
    )
    return {
      records: records.length,
      'papers not found before': papers.length,
      'core papers among them': papers.filter(({ id }) => core.has(id)).length,
    }
  },
}

function isNew({ records }: Paper, chased: ReadonlySet<string>): boolean {
  return records.every((key) => chased.has(key))
}

/**
 * Papers that only chasing has found, and papers known before that it has changed: further records of them were found,
 * or a namesake that their short reference has to be told from.
 */
export function joinRecords(
  papers: readonly Paper[],
  records: readonly BibliographicRecord[],
): { found: Paper[]; changed: Paper[] } {
  const byKey = new Map(records.map((record) => [record.key, record]))
  const paperOfRecord = new Map(papers.flatMap(({ id, records: keys }) => keys.map((key) => [key, id])))
  const additions = new Map<string, string[]>()
  const groups: Paper[] = []
  for (const { keys, because } of findDuplicates(records).groups) {
    const fresh = keys.filter((key) => !paperOfRecord.has(key))
    const known = keys.map((key) => paperOfRecord.get(key)).find((id) => id !== undefined)
    if (fresh.length === 0) continue
    if (known === undefined)
      groups.push(
        paperOf(
          fresh.map((key) => byKey.get(key)!),
          because,
        ),
      )
    else additions.set(known, [...(additions.get(known) ?? []), ...fresh])
  }
  const before = new Map(papers.map((paper) => [paper.id, paper]))
  const grown = papers.map((paper) => ({
    ...paper,
    records: [...paper.records, ...(additions.get(paper.id) ?? [])],
  }))
  const named = withYearSuffixes([...grown, ...groups])
  return {
    found: named.filter(({ id }) => !before.has(id)),
    changed: named.filter((paper) => {
      const old = before.get(paper.id)
      return old && (old.yearSuffix !== paper.yearSuffix || additions.has(paper.id))
    }),
  }
}
