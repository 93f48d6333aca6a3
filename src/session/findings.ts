import type { ListPage } from '../contract/api/paging.ts'
import { pageOf } from '../contract/api/paging.ts'
import { evidenceSpanSchema, rejectedQuotationSchema, studyCardSchema } from '../contract/evidence.ts'
import { paperSchema, recordSchema } from '../contract/paper.ts'
import { screeningDecisionSchema } from '../contract/screening.ts'
import {
  type Audit,
  type Claim,
  claimSchema,
  gapSchema,
  type Matrix,
  relationSchema,
  themeSchema,
} from '../contract/synthesis.ts'
import { SheafError } from '../errors.ts'
import * as papers from '../store/papers.ts'
import { auditsOfClaims, findMatrix } from '../store/synthesis.ts'
import { readValuePage, type ValueFilter } from '../store/values.ts'
import type { Deployment } from './deployment.ts'

/** What a review finds, as lists: where each is kept, and what one entry is. */
export const findings = {
  records: { table: 'records', schema: recordSchema },
  papers: { table: 'papers', schema: paperSchema },
  decisions: { table: 'decisions', schema: screeningDecisionSchema },
  evidence: { table: 'spans', schema: evidenceSpanSchema },
  rejected: { table: 'rejected_quotations', schema: rejectedQuotationSchema },
  cards: { table: 'cards', schema: studyCardSchema },
  themes: { table: 'themes', schema: themeSchema },
  relations: { table: 'relations', schema: relationSchema },
  gaps: { table: 'gaps', schema: gapSchema },
} as const

type Findings = typeof findings
export type Finding<Name extends keyof Findings> = ReturnType<Findings[Name]['schema']['parse']>

/** One page of what a session has found so far, in the order of its keys. */
export async function listFindings<Name extends keyof Findings>(
  { sql }: Pick<Deployment, 'sql'>,
  session: string,
  name: Name,
  filter: ValueFilter,
): Promise<ListPage<Finding<Name>>> {
  const { table, schema } = findings[name]
  const rows = await readValuePage<Finding<Name>>(sql, table, schema as never, session, {
    ...filter,
    limit: filter.limit + 1,
  })
  const { items, ...page } = pageOf(rows, filter.limit, ({ id }) => id)
  return { items: items.map(({ value }) => value), ...page }
}

/** A claim with the audit's verdict, where it has been audited. */
export interface AuditedClaim {
  claim: Claim
  audit?: Audit
}

/** One page of a session's claims with their audits. */
export async function listClaims(
  { sql }: Pick<Deployment, 'sql'>,
  session: string,
  filter: ValueFilter,
): Promise<ListPage<AuditedClaim>> {
  const rows = await readValuePage(sql, 'claims', claimSchema, session, {
    ...filter,
    limit: filter.limit + 1,
  })
  const { items, ...page } = pageOf(rows, filter.limit, ({ id }) => id)
  const audits = await auditsOfClaims(
    sql,
    session,
    items.map(({ id }) => id),
  )
  return {
    items: items.map(({ id, value }) => {
      const audit = audits.get(id)
      return { claim: value, ...(audit && { audit }) }
    }),
    ...page,
  }
}

/** One paper. @throws {SheafError} `not_found`. */
export async function findPaper(
  { sql }: Pick<Deployment, 'sql'>,
  session: string,
  id: string,
): Promise<Finding<'papers'>> {
  const paper = await papers.findPaper(sql, session, id)
  if (paper) return paper
  throw new SheafError('not_found', `Session ${session} has no paper ${id}.`)
}

/** The matrix of themes, datasets and metrics. @throws {SheafError} `not_found` before there is one. */
export async function matrixOf({ sql }: Pick<Deployment, 'sql'>, session: string): Promise<Matrix> {
  const matrix = await findMatrix(sql, session)
  if (matrix) return matrix
  throw new SheafError('not_found', `Session ${session} has no matrix yet.`)
}
