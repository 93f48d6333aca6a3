import { sql } from 'kysely'
import {
  type Audit,
  auditSchema,
  type Claim,
  claimSchema,
  type Gap,
  gapSchema,
  type Matrix,
  matrixSchema,
  type Relation,
  relationSchema,
  type Theme,
  themeSchema,
} from '../contract/synthesis.ts'
import type { Sql } from './database.ts'
import { readValue, readValues, storeValues } from './values.ts'

/** Stores the themes, by id. Returns how many were new. */
export function storeThemes(db: Sql, session: string, themes: readonly Theme[]): Promise<number> {
  return storeValues(
    db,
    'themes',
    session,
    themes.map((value) => ({ id: value.id, value })),
  )
}

/** All themes of a session, by id. */
export function themesOf(db: Sql, session: string): Promise<Theme[]> {
  return readValues(db, 'themes', themeSchema, session)
}

/** Stores claims, by id. Returns how many were new. */
export function storeClaims(db: Sql, session: string, claims: readonly Claim[]): Promise<number> {
  return storeValues(
    db,
    'claims',
    session,
    claims.map((value) => ({ id: value.id, value })),
  )
}

/** All claims of a session, by id. */
export function claimsOf(db: Sql, session: string): Promise<Claim[]> {
  return readValues(db, 'claims', claimSchema, session)
}

/** Stores verdicts, one for each claim. Returns how many were new. */
export function storeAudits(db: Sql, session: string, audits: readonly Audit[]): Promise<number> {
  return storeValues(
    db,
    'audits',
    session,
    audits.map((value) => ({ id: value.claimId, value })),
  )
}

/** All verdicts of a session, by claim. */
export function auditsOf(db: Sql, session: string): Promise<Audit[]> {
  return readValues(db, 'audits', auditSchema, session)
}

/** The verdicts on some claims, by claim. */
export async function auditsOfClaims(
  db: Sql,
  session: string,
  claims: readonly string[],
): Promise<ReadonlyMap<string, Audit>> {
  if (claims.length === 0) return new Map()
  const { rows } = await sql<{ id: string; value: unknown }>`
    select id, value from sheaf.audits where session = ${session} and id = any(${[...claims]}::text[])`.execute(
    db,
  )
  return new Map(rows.map(({ id, value }) => [id, auditSchema.parse(value)]))
}

/** Stores agreements and contradictions, by id. Returns how many were new. */
export function storeRelations(db: Sql, session: string, relations: readonly Relation[]): Promise<number> {
  return storeValues(
    db,
    'relations',
    session,
    relations.map((value) => ({ id: value.id, value })),
  )
}

/** All relations of a session, by id. */
export function relationsOf(db: Sql, session: string): Promise<Relation[]> {
  return readValues(db, 'relations', relationSchema, session)
}

/** Stores what is not known yet, by id. Returns how many were new. */
export function storeGaps(db: Sql, session: string, gaps: readonly Gap[]): Promise<number> {
  return storeValues(
    db,
    'gaps',
    session,
    gaps.map((value) => ({ id: value.id, value })),
  )
}

/** All gaps of a session, by id. */
export function gapsOf(db: Sql, session: string): Promise<Gap[]> {
  return readValues(db, 'gaps', gapSchema, session)
}

/** Stores the matrix of a session. Returns whether it was new. */
export async function storeMatrix(db: Sql, session: string, matrix: Matrix): Promise<boolean> {
  return (await storeValues(db, 'matrices', session, [{ id: 'matrix', value: matrix }])) === 1
}

/** The matrix of a session. */
export function findMatrix(db: Sql, session: string): Promise<Matrix | undefined> {
  return readValue(db, 'matrices', matrixSchema, session, 'matrix')
}
