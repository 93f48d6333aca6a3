import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf, SheafError } from '../errors.ts'

/** What the listener is asked for. */
export interface Probes {
  /** The metrics in Prometheus' text format. */
  metrics(): Promise<string>
  /** Whether work may be sent here. */
  isReady(): Promise<boolean>
}

/** A listener at work. */
export interface MetricsListener {
  /** Where, as `http://127.0.0.1:9464`. */
  readonly url: string
  /** Safe to call twice. */
  close(): Promise<void>
}

/** The text format of Prometheus, version 0.0.4. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Listens for who watches the process: `/metrics`, `/livez`, `/readyz`, without login, so it belongs on an address that only they
 * reach.
 * @throws {SheafError} `conflict` when the address is taken, `invalid_input` when it is none of this machine's
 */
export async function listenForProbes(
  { host, port }: { readonly host: string; readonly port: number },
  probes: Probes,
): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1)
    void answer(path, probes, response).catch((thrown) => say(response, 500, 'text/plain', messageOf(thrown)))
  })
  await listening(server, host, port)
  // A process that has nothing else to do ends, also while somebody might still look.
  server.unref()
  const { port: actual } = server.address() as AddressInfo
  let closed: Promise<void> | undefined
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closed
    },
  }
}

async function answer(path: string, { metrics, isReady }: Probes, response: ServerResponse): Promise<void> {
  if (path === '/metrics') say(response, 200, metricsType, await metrics())
  else if (path === '/livez') say(response, 200, 'text/plain', 'alive\n')
  else if (path === '/readyz') {
    const ready = await isReady()
    say(response, ready ? 200 : 503, 'text/plain', ready ? 'ready\n' : 'not ready\n')
  } else say(response, 404, 'text/plain', 'Nothing is here but /metrics, /livez and /readyz.\n')
}

function say(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body)
}

function listening(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('listening', resolve)
  server.once('error', (cause: NodeJS.ErrnoException) =>
    reject(
      new SheafError(
        cause.code === 'EADDRINUSE' ? 'conflict' : 'invalid_input',
        `Metrics cannot be had on ${host}, port ${port}: ${messageOf(cause)}.`,
        { advice: 'Set SHEAF_METRICS to another HOST:PORT; each process needs its own.', cause },
      ),
    ),
  )
  server.listen({ host, port })
  return promise
}
