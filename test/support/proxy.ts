import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A connection between a program and a server that a test can cut. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** Lets nothing through, neither bytes nor the end of connections, as a network does that is gone. */
  silence(): void
  /** Ends all connections; new ones are let through. */
  cut(): void
  /** Lets everything through again. What was held meanwhile goes first. */
  mend(): void
}

/** Listens on a port of this machine and passes on to another. */
export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let isSilent = false
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      if (isSilent) one.pause()
      one.on('data', (chunk) => other.write(chunk))
      one.on('end', () => other.end())
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    port,
    silence() {
      isSilent = true
      for (const socket of sockets) socket.pause()
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isSilent = false
      for (const socket of sockets) socket.resume()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
