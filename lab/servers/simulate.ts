import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler } from 'hono'
import type { Corpus } from '../corpus/corpus.ts'
import type { LabPaper } from '../corpus/paper.ts'
import { type Faults, faultKinds } from '../faults.ts'
import type { Latency } from '../latency.ts'
import type { Search } from '../search/search.ts'
import type { Ledger } from '../violations.ts'

/** What all simulated services share. */
export interface Lab {
  readonly corpus: Corpus
  readonly search: Search
  readonly ledger: Ledger
  readonly faults: Faults
  readonly latency: Latency
  /** The bytes of a paper's PDF. */
  readonly draw: (index: number) => Promise<Buffer>
  /** Milliseconds since 1970; tests bring their own clock. */
  readonly now: () => number
  /** Address of a paper's full text at the host that its kind of place is served by; undefined for none. */
  readonly fullTextOf: (paper: LabPaper) => string | undefined
  /** Where the simulated services are, without a slash at the end. */
  readonly origin: () => string
}

/** Hono's types for handlers that may reach for the socket. */
export interface LabEnvironment {
  Bindings: HttpBindings
  /** The kind of fault that a request meets, where its handler has to act it out. */
  Variables: { fault: string | undefined }
}

/** How long a request that meets a time-out is left without an answer before its connection is cut, in milliseconds. */
const silence = 120_000

/** What a service has beside the faults of all. */
export interface Behaviour {
  /** Sees each request first, with how many are under way, and may refuse it. */
  readonly check?: (context: Context<LabEnvironment>, underWay: number) => Response | undefined
  /** Kinds of fault beside {@link faultKinds}; what this does not answer is left to the handler, as `fault`. */
  readonly faults?: Readonly<Record<string, (() => Response) | undefined>>
}

/** Counts a service's requests, takes its time, and lets some fail. */
export function simulated(
  { ledger, faults, latency }: Lab,
  service: string,
  behaviour: Behaviour = {},
): MiddlewareHandler<LabEnvironment> {
  const kinds = [...faultKinds, ...Object.keys(behaviour.faults ?? {})]
  return async (context, next) => {
    const { outgoing } = context.env
    const underWay = ledger.begin(service)
    const gone = new AbortController()
    // Under way until the answer is out, or its client is gone.
    outgoing.once('close', () => {
      ledger.end(service, outgoing.writableFinished ? outgoing.statusCode : 0)
      gone.abort()
    })
    const refused = behaviour.check?.(context, underWay)
    const fault = refused ? undefined : faults.next(service, kinds)
    const wait = latency(service) + (fault === 'timeout' ? silence : 0)
    await sleep(wait, undefined, { signal: gone.signal }).catch(() => undefined)
    if (gone.signal.aborted || fault === 'timeout' || fault === 'reset') return cut(outgoing)
    if (refused) return refused
    const own = fault === undefined ? undefined : behaviour.faults?.[fault]
    if (own) return own()
    if (fault !== undefined && /^5\d\d$/.test(fault)) return failed(Number(fault))
    context.set('fault', fault)
    return next()
  }
}

function failed(status: number): Response {
  return new Response(`<html><body><h1>${status}</h1>The server cannot answer now.</body></html>`, {
    status,
    headers: { 'content-type': 'text/html' },
  })
}

/** Ends a connection in the middle of things. */
export function cut(outgoing: HttpBindings['outgoing']): Response {
  outgoing.destroy()
  return RESPONSE_ALREADY_SENT
}
