import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { type Corpus, createCorpus } from './corpus/corpus.ts'
import type { LabPaper } from './corpus/paper.ts'
import { hashOf } from './corpus/random.ts'
import { createFaults, type FaultRates } from './faults.ts'
import { createLatency } from './latency.ts'
import { createDrawing } from './pdf/drawing.ts'
import { createSearch } from './search/search.ts'
import { arxivServer } from './servers/arxiv.ts'
import { controlServer } from './servers/control.ts'
import { coreServer } from './servers/core.ts'
import { crossrefServer } from './servers/crossref.ts'
import { europePmcServer } from './servers/europe-pmc.ts'
import { type HostTerms, hostKinds, pdfHost, usualHostTerms } from './servers/hosts.ts'
import { openAlexServer } from './servers/openalex.ts'
import type { OpenAlexPlan, openAlexPlans } from './servers/openalex-credits.ts'
import { pubmedServer } from './servers/pubmed.ts'
import { semanticScholarServer } from './servers/semantic-scholar.ts'
import type { Lab, LabEnvironment } from './servers/simulate.ts'
import { unpaywallServer } from './servers/unpaywall.ts'
import { createLedger, type Violation } from './violations.ts'

/** What a lab is to be like. */
export interface LabOptions {
  readonly seed?: number
  /** 1 to 1,000,000. */
  readonly papers?: number
  /** Whether services take their time, as the real ones do. */
  readonly latency?: 'realistic' | 'none'
  readonly faults?: FaultRates
  /** Port of the services and of control; hosts of full texts take the ones after it. 0: any that are free. */
  readonly port?: number
  /** Hosts that full texts can be had from, each slow to let one come back. */
  readonly politeHosts?: number
  /** What each of them does not mind; default: {@link usualHostTerms}. */
  readonly hostTerms?: Partial<HostTerms>
  readonly openAlexPlans?: Readonly<Record<keyof typeof openAlexPlans, OpenAlexPlan>>
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** A lab that runs. */
export interface RunningLab {
  readonly corpus: Corpus
  /** Of the services and of control (`/lab/…`). */
  readonly origin: string
  /** By the names of Sheaf's sources: what `SHEAF_ENDPOINTS` takes. */
  readonly endpoints: Readonly<Record<string, string>>
  /** `127.0.0.1:PORT` of all servers: what `SHEAF_ALLOWED_HOSTS` takes. */
  readonly allowedHosts: readonly string[]
  /** The address of a paper's full text that services name; undefined for none. */
  fullTextOf(index: number): string | undefined
  violations(): readonly Violation[]
  /** How often each kind happened. */
  violationCounts(): Readonly<Record<string, number>>
  requests(): ReturnType<Lab['ledger']['requests']>
  setFaults(rates: FaultRates): void
  /** Forgets violations and requests. */
  reset(): void
  close(): Promise<void>
}

/**
 * Starts servers on 127.0.0.1 that behave as scholarly services and hosts of full texts do, over a corpus that the seed
 * decides. They note what clients must not do.
 */
export async function startLab(options: LabOptions = {}): Promise<RunningLab> {
  const {
    seed = 1,
    papers = 10_000,
    latency = 'none',
    faults: rates = 0,
    port = 0,
    politeHosts = 8,
    hostTerms,
    now = Date.now,
  } = options
  const corpus = createCorpus({ seed, papers })
  const drawing = createDrawing(corpus)
  const ledger = createLedger()
  const faults = createFaults(seed, rates)
  const hosts: string[] = []
  let origin = ''

  function fullTextOf({ index, location }: LabPaper): string | undefined {
    if (location === 'none') return undefined
    const isPolite = (hostKinds.polite as readonly string[]).includes(location)
    const at = isPolite ? hashOf(seed, index, 32) % politeHosts : politeHosts + (location === 'slow' ? 0 : 1)
    return `${hosts[at]}/${location}/${index}.pdf`
  }

  const lab: Lab = {
    corpus,
    search: createSearch(corpus),
    ledger,
    faults,
    latency: createLatency(seed, latency),
    draw: drawing.draw,
    now,
    fullTextOf,
    origin: () => origin,
  }
  const services = {
    arxiv: arxivServer(lab),
    openalex: openAlexServer(lab, options.openAlexPlans),
    semanticscholar: semanticScholarServer(lab),
    crossref: crossrefServer(lab),
    europepmc: europePmcServer(lab),
    pubmed: pubmedServer(lab),
    core: coreServer(lab),
    unpaywall: unpaywallServer(lab),
  }
  const api = new Hono<LabEnvironment>()
  for (const [name, service] of Object.entries(services)) api.route(`/${name}`, service)
  api.route('/lab', controlServer(lab))

  const pause = latency === 'realistic' ? 500 : 2
  const names = [...Array.from({ length: politeHosts }, (_, at) => `polite-${at + 1}`), 'slow', 'hostile']
  const apps = [
    api,
    ...names.map((name, at) => {
      const elsewhere = () => hosts[(at + 1) % politeHosts]!
      return pdfHost(lab, name, { pause, terms: { ...usualHostTerms, ...hostTerms }, elsewhere })
    }),
  ]
  const running = await Promise.all(apps.map((app, at) => listen(app, port === 0 ? 0 : port + at)))
  const [first, ...others] = running
  origin = first!.address
  hosts.push(...others.map(({ address }) => address))

  return {
    corpus,
    origin,
    endpoints: Object.fromEntries(Object.keys(services).map((name) => [name, `${origin}/${name}`])),
    allowedHosts: running.map(({ address }) => new URL(address).host),
    fullTextOf: (index) => fullTextOf(corpus.paper(index)),
    violations: ledger.violations,
    violationCounts: ledger.violationCounts,
    requests: ledger.requests,
    setFaults: faults.set,
    reset: ledger.reset,
    async close() {
      await Promise.all(running.map(({ close }) => close()))
      await drawing.close()
    },
  }
}

async function listen(app: Hono<LabEnvironment>, port: number) {
  return new Promise<{ address: string; close: () => Promise<void> }>((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (info: AddressInfo) =>
      resolve({
        address: `http://127.0.0.1:${info.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            if ('closeAllConnections' in server) server.closeAllConnections()
          }),
      }),
    )
    server.once('error', reject)
  })
}
