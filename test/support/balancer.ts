import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What stands before several servers: it gives each connection to the next of them that answers. */
export interface Balancer extends AsyncDisposable {
  readonly port: number
}

/** Starts one on loopback. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  let turn = 0
  const open = new Set<Socket>()
  function give(client: Socket, tries: number): void {
    if (tries === 0) return void client.destroy()
    const server = connect(ports[turn++ % ports.length]!, '127.0.0.1')
    const refused = () => give(client, tries - 1)
    server.once('error', refused)
    server.once('connect', () => {
      server.off('error', refused)
      server.on('error', () => client.destroy())
      client.on('error', () => server.destroy())
      server.on('close', () => client.destroy())
      client.on('close', () => server.destroy())
      client.pipe(server).pipe(client)
    })
  }
  const balancer = createServer((client) => {
    open.add(client)
    client.on('close', () => open.delete(client))
    client.on('error', () => undefined)
    give(client, ports.length)
  })
  balancer.listen(0, '127.0.0.1')
  await once(balancer, 'listening')
  return {
    port: (balancer.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      balancer.close()
    },
  }
}
