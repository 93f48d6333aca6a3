import ipaddr from 'ipaddr.js'

/** Addresses that are used on the public internet (IANA: IPv6 Global Unicast). */
const globalUnicast = ipaddr.IPv6.parse('2000::')
/** The well-known prefix of NAT64 (RFC 6052); all other ways to write a public IPv4 address into one of IPv6 are refused. */
const nat64 = ipaddr.IPv6.parse('64:ff9b::')

/**
 * Whether an address, as DNS or the system writes it, belongs to a host on the public internet: not a private, local,
 * shared, multicast or reserved one, nor one that carries such an IPv4 address within it.
 */
export function isPublicAddress(address: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return isPublicIpv4(ipaddr.IPv4.parse(address))
  // ipaddr.js takes `::8.8.8.8` for a mapped address, and zones; addresses are read as those of the web are.
  const hostname = URL.parse(`http://[${address}]/`)?.hostname
  if (hostname === undefined) return false
  const parsed = ipaddr.IPv6.parse(hostname.slice(1, -1))
  const bytes = parsed.toByteArray()
  const embedded = (from: number) => isPublicIpv4(new ipaddr.IPv4(bytes.slice(from, from + 4)))
  if (parsed.isIPv4MappedAddress() || parsed.match(nat64, 96)) return embedded(12)
  if (parsed.range() === '6to4') return embedded(2)
  return parsed.match(globalUnicast, 3) && parsed.range() === 'unicast'
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast'
}
