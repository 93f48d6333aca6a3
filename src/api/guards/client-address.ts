import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'
import type { AccessRules } from '../../access/access.ts'
import type { ApiEnvironment } from '../context.ts'

/**
 * The address that a request comes from: the other end of the connection or, where that is a proxy that the settings trust,
 * the last one in X-Forwarded-For that is none. What stands before it there is the client's own word.
 */
export function clientAddress(
  c: Context<ApiEnvironment>,
  { trustedProxies }: Pick<AccessRules, 'trustedProxies'>,
): string {
  const told = (c.req.header('X-Forwarded-For') ?? '').split(',').map((address) => address.trim())
  let address = plain(c.env?.incoming?.socket.remoteAddress ?? 'unknown')
  while (isWithin(address, trustedProxies)) {
    const before = told.pop()
    if (before === undefined || !ipaddr.isValid(before)) break
    address = plain(before)
  }
  return address
}

/** Who is counted together: an address, or the network of 64 bits that one customer has of IPv6. */
export function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address
  const parts = ipaddr.IPv6.parse(address).parts.slice(0, 4)
  return `${parts.map((part) => part.toString(16)).join(':')}::/64`
}

/** IPv4 as such also where the socket takes it for IPv6. */
function plain(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address
}

function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  return networks.some((network) => {
    const [range, bits] = network.includes('/')
      ? ipaddr.parseCIDR(network)
      : ([ipaddr.parse(network), network.includes(':') ? 128 : 32] as const)
    return parsed.kind() === range.kind() && parsed.match(range, bits)
  })
}
