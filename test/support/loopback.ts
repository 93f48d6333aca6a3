import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Upstream } from '../../src/upstream/upstream.ts'

/** A request as a loopback service saw it. */
export interface SeenRequest {
  url: URL
  method: string
  headers: Readonly<Record<string, string>>
  body: string
}

/** What a loopback service answers; 200 unless said otherwise. */
export interface LoopbackAnswer {
  status?: number
  headers?: Readonly<Record<string, string>>
  body: string
}

/** A real HTTP server on this machine that answers as told and keeps what it was asked. Close it in the end. */
export async function startLoopback(answer: (request: SeenRequest) => LoopbackAnswer) {
  const requests: SeenRequest[] = []
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    )
    const request: SeenRequest = {
      url: new URL(incoming.url ?? '/', 'http://loopback'),
      method: incoming.method ?? 'GET',
      headers,
      body: Buffer.concat(parts).toString(),
    }
    requests.push(request)
    const { status = 200, headers: given = {}, body } = answer(request)
    outgoing.writeHead(status, { ...given }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Sends each request once, at once, by `fetch`; keeps the requests with their units. */
export function plainUpstream(): Upstream & {
  readonly units: (Readonly<Record<string, number>> | undefined)[]
} {
  const units: (Readonly<Record<string, number>> | undefined)[] = []
  return {
    units,
    async request(request) {
      units.push(request.units)
      const response = await fetch(request.url, {
        method: request.method ?? 'GET',
        headers: { ...request.headers },
        ...(request.body !== undefined && { body: request.body }),
        ...(request.signal && { signal: request.signal }),
      })
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
        url: response.url,
        cached: false,
      }
    },
  }
}
