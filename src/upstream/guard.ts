import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { SheafError } from '../errors.ts'
import { isPublicAddress } from './addresses.ts'

/** Asks for all addresses of a name, as `dns.lookup` does with `all`. */
export type LookupAll = (
  hostname: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void

export interface GuardOptions {
  /** `host:port`, exactly as in addresses: what these name is reached wherever it is, for an intranet or a lab. */
  readonly allowedHosts?: readonly string[]
  readonly lookup?: LookupAll
}

/** What keeps links of other people out of private networks (server-side request forgery). */
export interface Guard {
  /** @throws {SheafError} `address_refused` for an address that must not be asked, as far as that can be told without DNS */
  check(url: URL): void
  /** Connects only to what {@link Guard.check} takes, and checks each DNS answer: what was checked is connected to. */
  readonly connect: buildConnector.connector
}

/** Time to reach a host, in milliseconds. */
export const connectTimeout = 10_000

/**
 * Makes the guard. An address is refused if any of a name's addresses is private: who can put one in can put in the next.
 * The check is part of connecting, so an answer that changes afterwards (DNS rebinding) changes nothing.
 */
export function createGuard({ allowedHosts = [], lookup = dns.lookup }: GuardOptions = {}): Guard {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()))
  const options = { timeout: connectTimeout, allowH2: false }
  const open = buildConnector(options)
  const guarded = buildConnector({ ...options, lookup: checkedLookup(lookup) } as buildConnector.BuildOptions)

  function check(url: URL): void {
    const shown = `${url.protocol}//${url.host}`
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw refused(`${url.protocol} addresses are not fetched, only http and https.`)
    if (url.username !== '' || url.password !== '')
      throw refused(`The address at ${url.host} holds a user name or a password.`)
    const port = portOf(url)
    if (allowed.has(`${url.hostname}:${port}`)) return
    if (port !== '80' && port !== '443') throw refused(`${shown} uses a port that web sites do not use.`)
    const address = bare(url.hostname)
    if (isIP(address) !== 0 && !isPublicAddress(address)) throw privateAddress(shown)
  }

  return {
    check,
    connect(target, callback) {
      const port = target.port || (target.protocol === 'https:' ? '443' : '80')
      const isAllowed =
        allowed.has(`${target.hostname}:${port}`) || allowed.has(`[${target.hostname}]:${port}`)
      if (!isAllowed && isIP(bare(target.hostname)) !== 0 && !isPublicAddress(bare(target.hostname)))
        callback(privateAddress(target.hostname), null)
      else (isAllowed ? open : guarded)(target, callback)
    },
  }
}

/**
 * Looks names up for a socket, and gives it exactly the addresses that were checked. Fails with `address_refused` when any
 * of them is private.
 */
export function checkedLookup(lookup: LookupAll): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      if (addresses.some(({ address }) => !isPublicAddress(address))) {
        return callback(privateAddress(hostname), '', 0)
      }
      const [first] = addresses
      if (options.all) callback(null, addresses)
      else if (first) callback(null, first.address, first.family)
      else callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '', 0)
    })
  }
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80')
}

/** The host of an address without the brackets around IPv6. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function privateAddress(shown: string): SheafError {
  return refused(`${shown} leads into a private network.`)
}

function refused(message: string): SheafError {
  return new SheafError('address_refused', message, {
    advice: 'If it is a server of your own, add its HOST:PORT to the hosts that are allowed.',
  })
}
