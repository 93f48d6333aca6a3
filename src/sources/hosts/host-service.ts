import type { Service } from '../../upstream/upstream.ts'

type Terms = Pick<Service, 'limits' | 'connections'>

/** What no host has been seen to mind: one request a second on two connections. */
const usualTerms: Terms = { limits: [{ name: 'requests', max: 1, window: 1_000 }], connections: 2 }

/** Hosts that say themselves how fast programs may fetch files from them, by name. */
const ownTerms: ReadonlyMap<string, Terms> = new Map([
  // Bursts of four a second with a second's pause after each (https://info.arxiv.org/help/bulk_data.html).
  ['export.arxiv.org', { limits: [{ name: 'requests', max: 4, window: 2_000 }], connections: 4 }],
])

/** Hosts that keep files for programs at another one, under the same paths. */
const doorsForPrograms: ReadonlyMap<string, string> = new Map([
  // The same page of arXiv's: “export.arxiv.org” is set aside for programs.
  ['arxiv.org', 'export.arxiv.org'],
  ['www.arxiv.org', 'export.arxiv.org'],
])

/** Any host as a service with limits of its own: those that it names for files, or what any host may be asked. */
export function hostService({ host, hostname }: URL): Service {
  return {
    name: `host:${host}`,
    title: host,
    ...(ownTerms.get(hostname) ?? usualTerms),
    patience: 30_000,
    timeout: 120_000,
    attempts: 3,
    guarded: true,
  }
}

/** Where a host wants programs to fetch a PDF that people fetch at this address; undefined where it is the same to it. */
export function doorForPrograms(address: URL): URL | undefined {
  const hostname = doorsForPrograms.get(address.hostname)
  if (hostname === undefined || !address.pathname.startsWith('/pdf/')) return undefined
  const door = new URL(address)
  door.hostname = hostname
  return door
}
