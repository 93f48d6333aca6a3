import type { Me, UserView } from '../contract/api/access.ts'
import { type ListPage, type PageQuery, pageOf } from '../contract/api/paging.ts'
import type { Caller } from '../contract/caller.ts'
import { findUser, searchUsers as searchStored, type User } from '../store/users.ts'
import type { Access } from './access.ts'

/** Who asks, and what they may do. */
export async function describeCaller({ sql }: Pick<Access, 'sql'>, caller: Caller): Promise<Me> {
  const user = await findUser(sql, caller.user)
  const known = user ? viewOf(user) : { id: caller.user, name: caller.user }
  return { ...known, scope: caller.scope, by: caller.by ?? 'local' }
}

/** Users whose name, address or id begins so, to share a session with them. */
export async function searchUsers(
  { sql }: Pick<Access, 'sql'>,
  { q, limit, after }: PageQuery & { q: string },
): Promise<ListPage<UserView>> {
  const found = await searchStored(sql, { prefix: q, limit: limit + 1, after })
  return pageOf(found.map(viewOf), limit, ({ id }) => id)
}

function viewOf({ id, name, email }: User): UserView {
  return { id, name, ...(email !== undefined && { email }) }
}
