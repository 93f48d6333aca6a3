import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import type { LocationKind } from '../corpus/locations.ts'
import { createWindow } from '../violations.ts'
import { cut, type Lab, type LabEnvironment, simulated } from './simulate.ts'

/** Kinds of places, by the host that has them. */
export const hostKinds = {
  polite: ['good', 'wrong-type', 'redirected'],
  slow: ['slow'],
  hostile: ['forbidden', 'html', 'truncated', 'redirect-loop', 'redirect-private', 'huge', 'gzip-bomb'],
} as const satisfies Record<string, readonly LocationKind[]>

const hugeBytes = 200 * 1024 * 1024
const hops = 3
/** What a host does not mind. */
export interface HostTerms {
  /** Requests in any stretch of `within` milliseconds. */
  readonly requests: number
  readonly within: number
  readonly atOnce: number
}
/** As publishers have them: one in a second, or a little less, as requests arrive otherwise than they were sent. */
export const usualHostTerms: HostTerms = { requests: 1, within: 900, atOnce: 2 }
/** Offences after which a host refuses. */
const mostOffences = 10

/**
 * A host of full texts, where a paper's is at `/<kind>/<index>.pdf`. `pause`: milliseconds between the eight parts in which the slow
 * kind comes; `elsewhere`: the host to which its detours lead in the end.
 */
export function pdfHost(
  lab: Lab,
  name: string,
  { pause, terms, elsewhere }: { pause: number; terms: HostTerms; elsewhere: () => string },
): Hono<LabEnvironment> {
  const { corpus, ledger, now } = lab
  const service = `host:${name}`
  const window = createWindow(terms.requests, terms.within)
  let offences = 0

  function check(context: Context<LabEnvironment>, underWay: number): Response | undefined {
    const offend = (kind: string, detail: string): void => {
      offences++
      ledger.violate(service, kind, now(), detail)
    }
    if (underWay > terms.atOnce) offend('too_many_connections', `${underWay} requests at once`)
    // Where its own redirects lead is no haste; the last hop comes from another host, and is a request like any.
    const hop = context.req.query('hop')
    const isFollowing = (hop !== undefined && Number(hop) < hops) || context.req.query('turn') !== undefined
    if (!isFollowing && !window.allow(now()))
      offend('too_fast', `more than ${terms.requests} within ${terms.within} ms`)
    return offences > mostOffences
      ? new Response('Too many requests', { status: 429, headers: { 'retry-after': '5' } })
      : undefined
  }

  const app = new Hono<LabEnvironment>()
  app.use(simulated(lab, service, { check }))
  app.get('/:kind/:file', async (context) => {
    const index = Number(/^(\d{1,7})\.pdf$/.exec(context.req.param('file'))?.[1] ?? Number.NaN)
    const kind = context.req.param('kind')
    if (!(index < corpus.size) || corpus.paper(index).location !== kind) return context.notFound()
    return answers[kind](context, index)
  })

  const pdf = (bytes: Buffer, type = 'application/pdf'): Response =>
    new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
  type Answer = (context: Context<LabEnvironment>, index: number) => Response | Promise<Response>
  const page =
    (title: string, status: 200 | 403): Answer =>
    (context) =>
      context.html(
        `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>Please sign in.</p></body></html>`,
        status,
      )

  const answers: Readonly<Record<LocationKind, Answer>> = {
    good: async (_, index) => pdf(await lab.draw(index)),
    'wrong-type': async (_, index) =>
      pdf(await lab.draw(index), index % 2 ? 'application/octet-stream' : 'text/html'),
    async redirected(context, index) {
      const hop = Number(context.req.query('hop') ?? 0)
      if (hop >= hops) return pdf(await lab.draw(index))
      const host = hop + 1 < hops ? '' : elsewhere()
      return context.redirect(`${host}/redirected/${index}.pdf?hop=${hop + 1}`, hop % 2 ? 302 : 301)
    },
    async slow(context, index) {
      const bytes = await lab.draw(index)
      const { outgoing } = context.env
      outgoing.writeHead(200, { 'content-type': 'application/pdf', 'content-length': bytes.length })
      const part = Math.ceil(bytes.length / 8)
      for (let at = 0; at < bytes.length && !outgoing.destroyed; at += part) {
        outgoing.write(bytes.subarray(at, at + part))
        await sleep(pause)
      }
      outgoing.end()
      return RESPONSE_ALREADY_SENT
    },
    forbidden: page('Access denied', 403),
    html: page('Sign in to continue reading', 200),
    async truncated(context, index) {
      const bytes = await lab.draw(index)
      const part = bytes.subarray(0, Math.floor(bytes.length * 0.6))
      // Some say how much there should be, others end as if that were all.
      if (index % 2) return pdf(part)
      const { outgoing } = context.env
      outgoing.writeHead(200, { 'content-type': 'application/pdf', 'content-length': bytes.length })
      await new Promise((resolve) => outgoing.write(part, resolve))
      return cut(outgoing)
    },
    'redirect-loop': (context, index) =>
      context.redirect(`/redirect-loop/${index}.pdf?turn=${context.req.query('turn') === '1' ? 2 : 1}`, 302),
    'redirect-private': (context, index) =>
      context.redirect(
        index % 2 ? 'http://169.254.169.254/latest/meta-data/' : 'http://10.0.0.1/internal.pdf',
        302,
      ),
    huge: () => new Response(zeros(), { headers: { 'content-type': 'application/pdf' } }),
    'gzip-bomb': () =>
      new Response(new Uint8Array(bomb()), {
        headers: { 'content-type': 'application/pdf', 'content-encoding': 'gzip' },
      }),
    none: (context) => context.notFound(),
  }
  return app
}

/** What begins like a PDF and goes on with nothing, as fast as it is taken. */
function zeros(): ReadableStream<Uint8Array> {
  const part = new Uint8Array(64 * 1024)
  let sent = 0
  return new ReadableStream({
    pull(controller) {
      if (sent === 0) controller.enqueue(new TextEncoder().encode('%PDF-1.7\n'))
      controller.enqueue(part)
      sent += part.length
      if (sent >= hugeBytes) controller.close()
    },
  })
}

/** 200 MB in some 200 kB: gzip allows members one after the other. */
function bomb(): Buffer {
  const first = gzipSync(Buffer.from('%PDF-1.7\n'))
  const member = gzipSync(Buffer.alloc(10 * 1024 * 1024))
  return Buffer.concat([first, ...Array.from({ length: 20 }, () => member)])
}
