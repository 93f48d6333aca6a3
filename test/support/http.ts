import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on loopback that answers as it is told, and remembers what it was asked. */
export interface TestServer {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly origin: string
  readonly host: string
  readonly port: number
  readonly asked: IncomingMessage[]
  /** Replaces what it answers, and forgets what it was asked. */
  answer(answer: (request: IncomingMessage, response: ServerResponse) => unknown): void
  close(): Promise<void>
}

/** Starts one; until told otherwise it answers 404. */
export async function startServer(address = '127.0.0.1'): Promise<TestServer> {
  const asked: IncomingMessage[] = []
  let listener: RequestListener = (_, response) => response.writeHead(404).end()
  const server: Server = createServer((request, response) => {
    asked.push(request)
    listener(request, response)
  }).listen(0, address)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = `${address.includes(':') ? `[${address}]` : address}:${port}`
  return {
    origin: `http://${host}`,
    host,
    port,
    asked,
    answer(answer) {
      listener = answer
      asked.length = 0
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
