import { isIPv4 } from 'node:net'
import { SheafError } from '../errors.ts'
import type { AccessRules } from './access.ts'

/** Whether a host name or address means this machine alone. IPv6 addresses may stand in brackets. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
  )
}

/**
 * Others than this machine may only be served where everybody has to say who they are.
 * @throws {SheafError} `invalid_input`
 */
export function refuseOpenDoor(host: string, { loginRequired }: AccessRules): void {
  if (loginRequired || isLoopback(host)) return
  throw new SheafError('invalid_input', `On ${host} everybody who reaches this machine could use Sheaf.`, {
    advice:
      'Set SHEAF_REQUIRE_LOGIN=true and make a token with "sheaf tokens create", or set up OpenID Connect (docs/api.md); or leave --host out.',
  })
}
