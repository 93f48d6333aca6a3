import type { Access, AccessRules } from '../access/access.ts'
import { createIdentityProvider } from '../access/identity-provider.ts'
import { createRateLimits, type RateLimitBackend } from '../access/rate-limits.ts'
import type { Config } from '../config.ts'
import type { Database } from '../store/database.ts'

/** Requests a minute of one user where no setting says otherwise. A page of a review takes some ten. */
const usualRequests = 1200
/** Logins begun and wrong credentials sent in a minute from one address: an office may be behind it. */
const knocks = 30

/** Puts together who may do what, as the configuration says. */
export function openAccess(config: Config, database: Database): Access {
  return {
    sql: database.sql,
    rules: accessRules(config),
    limits: createRateLimits(rateLimitBackend(config, database), {
      requests: config.userRequests ?? usualRequests,
      knocks,
    }),
    provider: providerFrom(config),
  }
}

/** What the configuration says about who may do what. */
export function accessRules(config: Config): AccessRules {
  return {
    loginRequired: config.requireLogin === true || config.oidcIssuer !== undefined,
    publicUrl: config.publicUrl,
    issuer: config.oidcIssuer,
    admins: config.admins ?? [],
    allowedDomains: config.oidcAllowedDomains,
    trustedProxies: config.trustProxy ?? [],
  }
}

function providerFrom({ oidcIssuer, oidcClientId, oidcClientSecret, publicUrl }: Config): Access['provider'] {
  if (oidcIssuer === undefined || oidcClientId === undefined) return undefined
  return createIdentityProvider({
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: oidcClientSecret,
    redirectUri: `${publicUrl}/auth/callback`,
  })
}

function rateLimitBackend({ redisUrl }: Config, { kind, pool }: Database): RateLimitBackend {
  if (redisUrl !== undefined) return { kind: 'redis', url: redisUrl }
  return kind === 'postgres' ? { kind, pool } : { kind: 'memory' }
}
