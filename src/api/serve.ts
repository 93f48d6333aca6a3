import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { messageOf, SheafError } from '../errors.ts'
import { createApi } from './app.ts'
import type { ApiContext } from './context.ts'
import { createEventStreams } from './event-streams.ts'

/** Milliseconds that a client may take to send the headers of a request, and the whole of it (an upload takes longest). */
const headersPatience = 10_000
const requestPatience = 10 * 60_000
/** Milliseconds between looks for connections that take too long. */
const looksEvery = 5_000
/** Bytes of headers that a request may have. */
const largestHeaders = 16 * 1024
/** Connections that may wait to be accepted: all clients come at once when another replica stops. */
const backlog = 4_096

/** A server that listens. */
export interface Served {
  /** Where, as `http://127.0.0.1:4320`. */
  readonly url: string
  /** The same as it is reached from this machine without leaving it; undefined where it listens on another address alone. */
  readonly loopbackUrl: string | undefined
  /**
   * Takes no new connection, ends streams of events so that their clients go on elsewhere, lets requests under way end within
   * `graceMilliseconds`, then closes all. Safe to call twice.
   */
  close(graceMilliseconds: number): Promise<void>
}

/**
 * Listens for requests.
 * @throws {SheafError} `conflict` when the address is taken, `invalid_input` when it is none of this machine's.
 */
export async function serve(
  context: ApiContext,
  { host, port }: { host: string; port: number },
): Promise<Served> {
  const streams = createEventStreams(context)
  const api = createApi(context, streams)
  const server = createAdaptorServer({
    // A stream of events writes to the connection by itself; what guards every answer has made a new one of its answer.
    fetch: async (request, connection) => {
      const answer = await api.fetch(request, connection)
      return (connection as HttpBindings).outgoing.headersSent ? RESPONSE_ALREADY_SENT : answer
    },
    serverOptions: {
      headersTimeout: headersPatience,
      requestTimeout: requestPatience,
      connectionsCheckingInterval: looksEvery,
      maxHeaderSize: largestHeaders,
    },
  }) as Server
  await listening(server, host, port)
  const { address, port: actual } = server.address() as AddressInfo
  const loopback = loopbackOf(address)
  let closed: Promise<void> | undefined
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    loopbackUrl: loopback && `http://${loopback}:${actual}`,
    close: (grace) => {
      streams.close()
      closed ??= closeServer(server, grace)
      return closed
    },
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('listening', resolve)
  server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(cause, host, port)))
  server.listen({ host, port, backlog })
  return promise
}

/** The loopback address, as it stands in a URL, at which what listens on `address` is reached. */
function loopbackOf(address: string): string | undefined {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::' || address === '::1') return '[::1]'
  return address.startsWith('127.') ? address : undefined
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): SheafError {
  if (cause.code === 'EADDRINUSE')
    return new SheafError('conflict', `Port ${port} of ${host} is in use.`, {
      advice: 'Stop what uses it, or choose another with --port.',
      cause,
    })
  return new SheafError(
    'invalid_input',
    `Sheaf cannot listen on ${host}, port ${port}: ${messageOf(cause)}.`,
    {
      advice: 'Choose another address with --host and --port.',
      cause,
    },
  )
}

async function closeServer(server: Server, graceMilliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds)
  await promise
  clearTimeout(timer)
}
