import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { z } from 'zod'
import { messageOf, SheafError } from '../errors.ts'
import type { LoginAttempt } from '../store/logins.ts'

/** Somebody as the provider vouches for them. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  /** Lower case; only one that the provider has verified. */
  readonly email: string | undefined
}

/** An OpenID Connect provider: people log in there, and Sheaf never sees a password. */
export interface IdentityProvider {
  /** Where to send a browser, and what to remember until it is back. @throws {SheafError} `upstream_failed` */
  begin(): Promise<{ url: URL; attempt: Omit<LoginAttempt, 'returnTo'> }>
  /**
   * Who came back.
   * @param query of the address that the provider sent the browser to
   * @throws {SheafError} `unauthenticated` when it proves nothing, `upstream_failed` when the provider does not answer
   */
  finish(query: string, attempt: LoginAttempt): Promise<Identity>
}

/** Seconds for each answer of the provider. */
const patience = 10
const longestName = 200

const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  name: z.string().optional().catch(undefined),
  email: z.string().max(255).optional().catch(undefined),
  // As OpenID Connect Core 1.0, 5.1 has it; a text "true" is none.
  email_verified: z.boolean().optional().catch(undefined),
})

/**
 * Authorization code flow (OpenID Connect Core 1.0, 3.1) with PKCE (RFC 7636), state, nonce, the issuer's name in the answer
 * (RFC 9207), and signatures checked.
 */
export function createIdentityProvider(settings: {
  /** As the setting has it; the provider's own spelling, which the library compares, may lack the last slash. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | undefined
  /** The address that the provider sends browsers back to. */
  readonly redirectUri: string
}): IdentityProvider {
  const { issuer, clientId, clientSecret, redirectUri } = settings
  let discovered: Promise<Configuration> | undefined
  const known = () => {
    discovered ??= discovery(new URL(issuer), clientId, clientSecret, undefined, {
      timeout: patience,
      execute: [
        enableNonRepudiationChecks,
        // The settings take http for loopback alone.
        ...(issuer.startsWith('http:') ? [allowInsecureRequests] : []),
      ],
    }).catch((thrown: unknown) => {
      discovered = undefined
      throw away(thrown)
    })
    return discovered
  }

  return {
    async begin() {
      const attempt = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
      const url = buildAuthorizationUrl(await known(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      return { url, attempt }
    },
    async finish(query, { state, nonce, verifier }) {
      const provider = await known()
      const address = new URL(redirectUri)
      address.search = query
      try {
        const tokens = await authorizationCodeGrant(provider, address, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const proven = tokens.claims()!
        // What the scopes stand for may be in the token, or only to be asked for (Core 1.0, 5.4).
        const asked = provider.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(provider, tokens.access_token, proven.sub)
          : {}
        return identityOf(issuer, claimsSchema.parse({ ...asked, ...proven }))
      } catch (thrown) {
        throw disproof(thrown)
      }
    },
  }
}

function identityOf(
  issuer: string,
  { sub, name, email, email_verified }: z.infer<typeof claimsSchema>,
): Identity {
  const verified = email_verified === true ? email?.toLowerCase() : undefined
  return {
    issuer,
    subject: sub,
    name: (name || verified || sub).slice(0, longestName),
    email: verified,
  }
}

function disproof(thrown: unknown): SheafError {
  const refused = thrown instanceof AuthorizationResponseError
  const answered = thrown instanceof ResponseBodyError && thrown.status < 500
  const unbelievable = thrown instanceof ClientError && thrown.code !== 'OAUTH_TIMEOUT'
  if (!refused && !answered && !unbelievable && !(thrown instanceof z.ZodError)) return away(thrown)
  return new SheafError(
    'unauthenticated',
    refused
      ? 'The identity provider did not let you in.'
      : 'The answer of the identity provider proves nothing.',
    { advice: 'Log in again at /auth/login.', cause: thrown },
  )
}

function away(cause: unknown): SheafError {
  return new SheafError(
    'upstream_failed',
    `The identity provider does not answer as it should: ${messageOf(cause)}`,
    {
      advice: 'Try again later, or see whether SHEAF_OIDC_ISSUER names it.',
      retryable: true,
      cause,
    },
  )
}
