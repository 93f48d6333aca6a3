import { once } from 'node:events'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freePort, type OwnServer, startRedis } from '../test/support/servers.ts'
import { describeService, findProgram } from '../test/support/services.ts'
import { connectRedis } from './redis.ts'
import { OrderlyCluster } from './redis-cluster.ts'

describeService(findProgram('redis-server'), 'a connection to a Redis Cluster', () => {
  let node: OwnServer
  let server: Redis

  beforeAll(async () => {
    let port = await freePort()
    // The bus of a cluster listens on the port plus 10,000.
    while (port > 55_000) port = await freePort()
    // Alone in its cluster it has nobody to learn its own address from.
    const words = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']
    node = await startRedis({ durable: false, words, port })
    server = new Redis(node.url)
    await server.cluster('ADDSLOTSRANGE', 0, 16_383)
    await untilState('ok')
  })

  afterAll(async () => {
    server.disconnect()
    await node[Symbol.asyncDispose]()
  })

  async function untilState(state: string): Promise<void> {
    await vi.waitUntil(async () => (await server.cluster('INFO')).includes(`cluster_state:${state}`), 10_000)
  }

  const connected = (lazyConnect = false) =>
    new OrderlyCluster([{ host: '127.0.0.1', port: node.port }], {
      lazyConnect,
      clusterRetryStrategy: () => 50,
    })

  test('that is asked to connect while it disconnects ends first', async () => {
    await using closing = new AsyncDisposableStack()
    const cluster = connected()
    closing.defer(() => cluster.disconnect())
    await once(cluster, 'ready')
    const ended = once(cluster, 'end')
    cluster.disconnect()
    const connecting = cluster.connect()
    await ended
    await connecting
    expect(await cluster.set('a', '1')).toBe('OK')
  })

  test.each(['disconnect', 'quit'] as const)('that is ended meanwhile by %s stays so', async (end) => {
    const cluster = connected()
    await once(cluster, 'ready')
    cluster.disconnect()
    const connecting = cluster.connect()
    connecting.catch(() => undefined)
    await cluster[end]()
    await expect(connecting).rejects.toThrow('Disconnected while connecting.')
    expect(cluster.status).toBe('end')
  })

  test('hears that it is connected when the cluster is whole again, however often it tried', async () => {
    await using closing = new AsyncDisposableStack()
    await server.cluster('DELSLOTSRANGE', 0, 99)
    closing.defer(async () => void (await server.cluster('ADDSLOTSRANGE', 0, 99).catch(() => undefined)))
    await untilState('fail')
    const cluster = connected(true)
    closing.defer(() => cluster.disconnect())
    let times = 0
    const twice = new Promise<void>((resolve) =>
      cluster.on('reconnecting', () => {
        times += 1
        if (times === 2) resolve()
      }),
    )
    const connecting = cluster.connect()
    await twice
    await server.cluster('ADDSLOTSRANGE', 0, 99)
    await connecting
    expect(cluster.status).toBe('ready')
  })

  test('hears that it is ended while it tries', async () => {
    await using closing = new AsyncDisposableStack()
    await server.cluster('DELSLOTSRANGE', 0, 99)
    closing.defer(async () => void (await server.cluster('ADDSLOTSRANGE', 0, 99)))
    await untilState('fail')
    const cluster = connected(true)
    const connecting = cluster.connect()
    connecting.catch(() => undefined)
    await once(cluster, 'connect')
    cluster.disconnect()
    await expect(connecting).rejects.toThrow('Disconnected while connecting.')
  })

  test('waits for as long as a part of the cluster has no node, when it has patience', async () => {
    await using closing = new AsyncDisposableStack()
    const url = `redis+cluster://127.0.0.1:${node.port}`
    const patient = connectRedis(url, { maxRetriesPerRequest: null })
    const hasty = connectRedis(url, { maxRetriesPerRequest: 1 })
    closing.defer(() => [patient, hasty].forEach((connection) => void connection.disconnect()))
    await Promise.all([patient.ping(), hasty.ping()])
    const slot = await server.cluster('KEYSLOT', 'a')
    await server.cluster('DELSLOTS', slot)
    const waiting = patient.set('a', '3')
    await expect(hasty.set('a', '4')).rejects.toThrow('Too many Cluster redirections')
    await server.cluster('ADDSLOTS', slot)
    expect(await waiting).toBe('OK')
    expect(await server.get('a')).toBe('3')
  })

  test('is copied as one', async () => {
    const copy = connected(true).duplicate(undefined, { keyPrefix: 'b:' })
    expect(copy).toBeInstanceOf(OrderlyCluster)
    await copy.connect()
    expect(await copy.set('a', '2')).toBe('OK')
    expect(await server.get('b:a')).toBe('2')
    copy.disconnect()
  })
})
