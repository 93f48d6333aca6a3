import type { Sql } from '../store/database.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { RateLimits } from './rate-limits.ts'

/** What the settings say about who may do what. */
export interface AccessRules {
  /** Whether everybody has to say who they are. Otherwise whoever reaches the server sits at it. */
  readonly loginRequired: boolean
  /** Origin by which people reach the server, as `https://sheaf.example.org`. */
  readonly publicUrl: string | undefined
  /** Address of the identity provider. */
  readonly issuer: string | undefined
  /** Verified email addresses, or subjects at the provider. */
  readonly admins: readonly string[]
  /** Domains of verified addresses that may log in; undefined: whoever the provider lets in. */
  readonly allowedDomains: readonly string[] | undefined
  /** Addresses and networks of proxies whose word about the client's address is believed. */
  readonly trustedProxies: readonly string[]
}

/** What every verb on access works with; `compose/access.ts` puts it together. */
export interface Access {
  readonly sql: Sql
  readonly rules: AccessRules
  readonly limits: RateLimits
  /** Undefined where none is configured. */
  readonly provider: IdentityProvider | undefined
  /** Whether a bearer token is the secret that a server keeps in its data folder: who can read it sits at the machine. */
  readonly isOwnSecret?: (token: string) => boolean
}
