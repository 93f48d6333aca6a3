import { type ListPage, type PageQuery, pageOf } from '../contract/api/paging.ts'
import type { Caller } from '../contract/caller.ts'
import { SheafError } from '../errors.ts'
import { removeShare, type Share, sharesOf, storeShare } from '../store/shares.ts'
import { findUser } from '../store/users.ts'
import type { Deployment } from './deployment.ts'
import { visibleSession } from './visible-session.ts'

/** Whom a session is shared with, by name; for its owner and administrators. @throws {SheafError} as {@link visibleSession}. */
export async function listShares(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  session: string,
  { limit, after = '' }: PageQuery,
): Promise<ListPage<Share>> {
  await visibleSession({ sql }, caller, session, 'admin')
  const shares = (await sharesOf(sql, session)).filter(({ user }) => user > after)
  return pageOf(shares.slice(0, limit + 1), limit, ({ user }) => user)
}

/**
 * Lets a user see a session, or steer it; a share that is there already is changed.
 * @throws {SheafError} as {@link visibleSession}; `not_found` for an unknown user; `conflict` for its owner.
 */
export async function shareSession(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  session: string,
  share: Share,
): Promise<void> {
  const { owner } = await visibleSession({ sql }, caller, session, 'admin')
  if (share.user === owner) throw new SheafError('conflict', `Session ${session} is ${owner}’s own.`)
  if (!(await findUser(sql, share.user)))
    throw new SheafError('not_found', `There is no user ${share.user}.`, {
      advice: 'They have to log in once, or an administrator makes a token for them.',
    })
  await storeShare(sql, session, share)
}

/** Takes a share back; it holds from the next request on. @throws {SheafError} as {@link visibleSession}; `not_found`. */
export async function unshareSession(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  session: string,
  user: string,
): Promise<void> {
  await visibleSession({ sql }, caller, session, 'admin')
  if (!(await removeShare(sql, session, user)))
    throw new SheafError('not_found', `Session ${session} is not shared with ${user}.`)
}
