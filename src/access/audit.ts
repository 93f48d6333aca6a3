import type { AuditQuery, AuditView } from '../contract/api/access.ts'
import { type ListPage, pageOf } from '../contract/api/paging.ts'
import { type Caller, may } from '../contract/caller.ts'
import * as stored from '../store/audit.ts'
import { findSession } from '../store/sessions.ts'
import type { Access } from './access.ts'

/** Enters what was done, or tried. What is entered must hold no secret. */
export function audit({ sql }: Pick<Access, 'sql'>, entry: stored.NewAuditEntry): Promise<void> {
  return stored.storeAudit(sql, entry)
}

/** Enters, once an hour, that an administrator has used their right to somebody else's session. */
export async function auditForeignSession(
  { sql }: Pick<Access, 'sql'>,
  caller: Caller,
  session: string,
  address: string,
): Promise<void> {
  if (!may(caller, 'admin')) return
  const entry = { user: caller.user, action: 'session.foreign', target: `/sessions/${session}` }
  const owner = (await findSession(sql, session))?.owner
  if (owner === undefined || owner === caller.user || (await stored.wasAuditedLately(sql, entry))) return
  await stored.storeAudit(sql, { ...entry, token: caller.token, address, outcome: 'done' })
}

/** What was done, newest first. */
export async function listAudit(
  { sql }: Pick<Access, 'sql'>,
  { limit, after, since, until, ...filter }: AuditQuery,
): Promise<ListPage<AuditView>> {
  const found = await stored.listAudit(sql, {
    ...filter,
    limit: limit + 1,
    before: after,
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  })
  const views = found.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() }))
  return pageOf(views, limit, ({ id }) => id)
}
