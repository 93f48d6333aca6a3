import { createHash } from 'node:crypto'
import { ExponentialBackoff, handleWhen, type IExponentialBackoffOptions, retry } from 'cockatiel'
import { Agent } from 'undici'
import type { Cache } from '../cache/cache.ts'
import { SheafError, WaitingError } from '../errors.ts'
import type { Limits } from '../limits/limits.ts'
import { anywhere, type Regions } from '../regions/regions.ts'
import type { Measure } from '../telemetry/measure.ts'
import { type Trace, untraced } from '../telemetry/trace.ts'
import { version } from '../version.ts'
import { type Circuits, createCircuits } from './circuits.ts'
import { exchange } from './exchange.ts'
import { connectTimeout, createGuard, type GuardOptions } from './guard.ts'
import { inItsRegion } from './in-its-region.ts'
import { pauseFor, pauseOf } from './retry-after.ts'
import type { Pause, Service, Upstream, UpstreamRequest, UpstreamResponse } from './upstream.ts'

export interface UpstreamOptions extends GuardOptions {
  readonly limits: Limits
  readonly cache: Cache
  /** Mail address at which services may reach who runs this deployment; they ask for one. */
  readonly contact?: string | undefined
  /** Pauses before a request is sent again, in milliseconds. Default: 1 s, doubled each time up to 15 s, with jitter. */
  readonly backoff?: { readonly initialDelay: number; readonly maxDelay: number }
  /** Default: everything is asked from here. */
  readonly regions?: Regions
  readonly circuits?: Circuits
  readonly measure?: Pick<Measure, 'watchCircuit'>
  readonly trace?: Trace
}

/** An {@link Upstream} that holds connections. */
export interface OpenUpstream extends Upstream {
  /** Ends all connections; requests under way fail. */
  close(): Promise<void>
}

const mostBytes = 20_000_000
const mostRedirects = 10
const redirects = new Set([301, 302, 303, 307, 308])
/** What a server that was not meant may be told: nothing that lets it in somewhere. */
const harmlessHeaders = new Set(['accept', 'accept-language', 'user-agent', 'content-type'])

/** One step of a request: the address itself, or where it was redirected to. */
interface Step {
  readonly service: Service
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly units: UpstreamRequest['units']
}

/** Makes the one way out of this deployment; see {@link Upstream} for what it does. */
export function createUpstream(options: UpstreamOptions): OpenUpstream {
  const { limits, cache, contact, backoff = { initialDelay: 1000, maxDelay: 15_000 } } = options
  const { measure, trace = untraced, regions = anywhere } = options
  const circuits = options.circuits ?? createCircuits({ measure })
  const guard = createGuard(options)
  const connections = { keepAliveTimeout: 10_000 }
  const openAgent = new Agent({ ...connections, connect: { timeout: connectTimeout }, allowH2: false })
  const guardedAgent = new Agent({ ...connections, connect: guard.connect, allowH2: false })
  const userAgent = `Sheaf/${version}${contact === undefined ? '' : ` (+mailto:${contact})`}`

  /** Follows an address to its last answer. */
  async function follow(request: UpstreamRequest): Promise<UpstreamResponse> {
    const { service } = request
    const start = parse(request.url, service)
    const visited = new Set<string>()
    let step: Step = {
      service,
      url: start,
      method: request.method ?? 'GET',
      headers: { 'user-agent': userAgent, ...lowerCase(request.headers) },
      body: request.body,
      units: request.units,
    }
    for (;;) {
      const key = `${step.method} ${step.url.href}`
      if (visited.has(key)) throw failure(service, 'redirects in a circle', false)
      visited.add(key)
      if (visited.size > mostRedirects + 1)
        throw failure(service, `redirects more than ${mostRedirects} times`, false)
      // What a trusted service's own address names is trusted; where it sends us is not.
      const guarded = step.service.guarded || step.url.origin !== start.origin
      if (guarded) guard.check(step.url)
      const sent = step
      const send = () => sendPersistently(request, sent, guarded)
      const response = await inItsRegion({ regions, cache }, sent, send)
      const { location } = response.headers
      if (!redirects.has(response.status) || location === undefined) return response
      step = redirected(request, step, response.status, location)
    }
  }

  /** Sends one step, again where that may help. */
  async function sendPersistently(
    request: UpstreamRequest,
    step: Step,
    guarded: boolean,
  ): Promise<UpstreamResponse> {
    const { service } = step
    const mayHelp = handleWhen(
      (thrown) => SheafError.isInstance(thrown) && thrown.code === 'upstream_failed' && thrown.retryable,
    ).orWhenResult((result) => isPassing((result as Answer).response.status))
    const policy = retry(mayHelp, {
      maxAttempts: service.attempts - 1,
      backoff: new ExponentialBackoff(backoff as Partial<IExponentialBackoffOptions<unknown>>),
    })
    const { response, pause } = await policy.execute(({ attempt }) => send(request, step, guarded, attempt))
    const { status } = response
    if (status < 500 && status !== 429) return response
    if (pause) throw new WaitingError(service.title, pause.until, pause.reason)
    throw failure(service, `answered with an error (${status})`, true)
  }

  interface Answer {
    readonly response: UpstreamResponse
    /** The server's word on when to go on. */
    readonly pause: Pause | undefined
  }

  /** Sends one step once, in its turn. */
  async function send(
    request: UpstreamRequest,
    step: Step,
    guarded: boolean,
    attempt: number,
  ): Promise<Answer> {
    const { signal, maxBytes = mostBytes } = request
    const { service } = step
    circuits.check(service)
    const turn = await limits.take({ service, signal, ...(step.units && { units: step.units }) })
    try {
      const { title, timeout } = service
      const { url, method, headers, body } = step
      const dispatcher = guarded ? guardedAgent : openAgent
      // A connection kept open counts where connections are counted, and other processes may want it.
      const once = service.connections !== undefined
      const ask = () =>
        circuits.run(service, () =>
          exchange({ dispatcher, title, url, method, headers, body, maxBytes, timeout, once, signal }),
        )
      const response = await traced(trace, step, attempt, ask)
      const pause = pauseOf(service, response)
      if (pause) await limits.pause(service.name, pause)
      else if (response.status === 429)
        await limits.pause(service.name, pauseFor(service, backoff.initialDelay * 2 ** attempt))
      return { response, pause }
    } finally {
      await turn.release()
    }
  }

  /** Takes an answer from the cache, or makes it and keeps it there. */
  async function search(request: UpstreamRequest): Promise<UpstreamResponse> {
    let asked = false
    const make = () => {
      asked = true
      return follow(request)
    }
    const keep = ({ status }: UpstreamResponse) => status === 200
    const response = await cache.getOrSet('searches', cacheKey(request), make, {
      keep,
      signal: request.signal,
    })
    return { ...response, cached: !asked }
  }

  return {
    request(request) {
      const { cache: kind = 'none', method = 'GET', service, signal } = request
      const isSearch = kind === 'search' && method === 'GET'
      return unlessAborted(isSearch ? search(request) : follow(request), service, signal)
    },
    async close() {
      await Promise.all([openAgent.destroy(), guardedAgent.destroy()])
    },
  }
}

/** One request on its way out as a span. Neither its path and query nor a header that names the trace are told. */
function traced(
  trace: Trace,
  { service, method, url }: Step,
  attempt: number,
  ask: () => Promise<UpstreamResponse>,
): Promise<UpstreamResponse> {
  const attributes = {
    'http.request.method': method,
    'http.request.resend_count': attempt,
    'server.address': url.hostname,
    'sheaf.service': service.name,
  }
  return trace.span(`${method} ${service.title}`, { kind: 'client', attributes }, async (note) => {
    const response = await ask()
    note({ 'http.response.status_code': response.status })
    return response
  })
}

/** Answers after which the same request may do better. */
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

function redirected(request: UpstreamRequest, step: Step, status: number, location: string): Step {
  const url = parse(location, step.service, step.url)
  url.hash = ''
  const service = request.serviceAt?.(url) ?? step.service
  const asGet = step.method === 'GET' || status <= 303
  const kept = Object.entries(step.headers).filter(
    ([name]) => url.origin === step.url.origin || harmlessHeaders.has(name),
  )
  return {
    service,
    url,
    method: asGet ? 'GET' : step.method,
    headers: Object.fromEntries(asGet ? kept.filter(([name]) => name !== 'content-type') : kept),
    body: asGet ? undefined : step.body,
    // Only the count of requests: what the answer costs was taken with the first step.
    units: Object.fromEntries(
      service.limits.filter(({ name }) => name !== 'requests').map(({ name }) => [name, 0]),
    ),
  }
}

function parse(text: string, service: Service, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  if (url) return url
  throw new SheafError('address_refused', `${service.title} names an address that is none.`)
}

function lowerCase(headers: UpstreamRequest['headers'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Addresses and headers may hold keys, so only their hash is kept. */
function cacheKey({ service, url, headers }: UpstreamRequest): string {
  const { accept = '' } = lowerCase(headers)
  return `${service.name}/${createHash('sha256')
    .update(JSON.stringify([url, accept]))
    .digest('hex')}`
}

/** Ends at once when it is stopped: also between two attempts, and while somebody else makes the same search. */
async function unlessAborted<Result>(
  work: Promise<Result>,
  { title }: Service,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return work
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () =>
      reject(
        SheafError.isInstance(signal.reason)
          ? signal.reason
          : new SheafError('cancelled', `The request to ${title} was stopped.`),
      )
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function failure({ title }: Service, what: string, retryable: boolean): SheafError {
  return new SheafError('upstream_failed', `${title} ${what}.`, { retryable })
}
