import { type Caller, may, type Scope } from '../contract/caller.ts'
import { SheafError } from '../errors.ts'
import { findSession, ownersOf, type Session } from '../store/sessions.ts'
import { shareholdersOf, sharesOf } from '../store/shares.ts'
import type { Deployment } from './deployment.ts'

/**
 * A session, for who may have it: its owner, those it is shared with, and administrators. To all others it is not there,
 * so that names cannot be tried out.
 * @param scope what is to be done with it: `read`, `write`, or `admin` for what only its owner decides (shares, deletion)
 * @throws {SheafError} `not_found`; `forbidden` when the caller may see it, but not do this.
 */
export async function visibleSession(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  id: string,
  scope: Scope = 'read',
): Promise<Session> {
  const session = await findSession(sql, id)
  const allowed = session && (await allowedOn({ sql }, caller, session))
  if (!allowed) throw new SheafError('not_found', `There is no session ${id}.`)
  if (!may({ ...caller, scope: allowed }, scope))
    throw new SheafError(
      'forbidden',
      `Session ${id} is shared with you to ${allowed === 'read' ? 'read' : 'steer'} only.`,
      {
        advice: `Ask its owner, ${session.owner}.`,
      },
    )
  return session
}

/** What a caller may do with a session; undefined: nothing, not even know of it. What their token may do is bound elsewhere. */
async function allowedOn(
  { sql }: Pick<Deployment, 'sql'>,
  caller: Caller,
  session: Session,
): Promise<Scope | undefined> {
  if (owns(caller, session.owner)) return 'admin'
  return (await sharesOf(sql, session.id)).find(({ user }) => user === caller.user)?.scope
}

function owns(caller: Caller, owner: string): boolean {
  return caller.scope === 'admin' || owner === caller.user
}

/** Of many that follow a session each, who still may see it, in the given order: two queries, however many they are. */
export async function stillVisible(
  { sql }: Pick<Deployment, 'sql'>,
  followers: readonly { caller: Caller; session: string }[],
): Promise<boolean[]> {
  const ids = [...new Set(followers.map(({ session }) => session))]
  const owners = await ownersOf(sql, ids)
  const shareholders = await shareholdersOf(sql, ids)
  return followers.map(({ caller, session }) => {
    const owner = owners.get(session)
    return (
      owner !== undefined && (owns(caller, owner) || (shareholders.get(session)?.has(caller.user) ?? false))
    )
  })
}
