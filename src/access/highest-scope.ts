import type { Scope } from '../contract/caller.ts'
import type { User } from '../store/users.ts'
import type { AccessRules } from './access.ts'

/**
 * The most that a user may do, as the settings are now; undefined: nothing any more. Users whom an administrator made are
 * bound by their tokens alone. An address counts where the provider has verified it, and only such ones are stored.
 */
export function highestScope(
  { issuer, allowedDomains, admins }: Pick<AccessRules, 'issuer' | 'allowedDomains' | 'admins'>,
  user: Pick<User, 'issuer' | 'subject' | 'email'>,
): Scope | undefined {
  if (user.issuer === undefined) return 'admin'
  if (user.issuer !== issuer) return undefined
  const domain = user.email?.split('@').at(-1)
  if (allowedDomains && !(domain !== undefined && allowedDomains.includes(domain))) return undefined
  // A subject that looks like an address proves no address.
  const isAdmin = admins.some((admin) =>
    admin.includes('@') ? admin.toLowerCase() === user.email : admin === user.subject,
  )
  return isAdmin ? 'admin' : 'write'
}
