import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, Redis } from 'ioredis'
import { freePort, type OwnServer, startPostgres, startRedis, startSentinel } from '../../support/servers.ts'
import { type Fault, tried } from './scenario.ts'

/** Reviews at work when a server fails. */
const reviews = 10

/** Redis is killed and comes back with what it had written to disk. */
const redisRestarted: Fault = async () => {
  await using postgres = await startPostgres()
  await using redis = await startRedis()
  return await tried({ databaseUrl: postgres.url, redisUrl: redis.url }, async (trial) => {
    await trial.begin(reviews)
    for (let time = 0; time < 2; time += 1) {
      await sleep(4_000)
      await redis.stop()
      await sleep(2_000)
      await redis.start()
    }
    return `${reviews} reviews`
  })
}

/** Redis comes back and has forgotten everything: what is to be done stands in the database. */
const redisEmptied: Fault = async () => {
  await using postgres = await startPostgres()
  await using redis = await startRedis({ durable: false })
  return await tried({ databaseUrl: postgres.url, redisUrl: redis.url }, async (trial) => {
    await trial.begin(reviews)
    await sleep(5_000)
    await redis.stop()
    await redis.start()
    return `${reviews} reviews`
  })
}

/** Three sentinels make the replica the server when the server dies. */
const sentinelFailsOver: Fault = async () => {
  await using postgres = await startPostgres()
  await using server = await startRedis()
  await using replica = await startRedis({ words: ['--replicaof', '127.0.0.1', `${server.port}`] })
  await using first = await startSentinel(server.port, 2)
  await using second = await startSentinel(server.port, 2)
  await using third = await startSentinel(server.port, 2)
  const sentinels = [first, second, third]
  // Sentinels find each other, and the replica, by the server's own words.
  await sleep(4_000)
  const url = `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/main`
  return await tried({ databaseUrl: postgres.url, redisUrl: url }, async (trial) => {
    await trial.begin(reviews)
    await sleep(5_000)
    await server.stop()
    const took = await untilServer(replica)
    return `${reviews} reviews; the replica took over after ${took.toFixed(1)} s`
  })
}

/** Seconds until a replica has become the server. */
async function untilServer({ url }: OwnServer): Promise<number> {
  const startedAt = performance.now()
  const client = new Redis(url)
  try {
    while (!(await client.info('replication')).includes('role:master')) {
      if (performance.now() - startedAt > 60_000) throw new Error('The replica did not take over.')
      await sleep(100)
    }
  } finally {
    client.disconnect()
  }
  return (performance.now() - startedAt) / 1_000
}

/** Of a cluster of three servers with a replica each, the one that holds the queue dies. */
const clusterNodeLost: Fault = async () => {
  await using postgres = await startPostgres()
  await using nodes = new AsyncDisposableStack()
  const all: OwnServer[] = []
  for (let count = 0; count < 6; count += 1) {
    // The bus of a cluster listens on the port plus 10,000.
    let port = await freePort()
    while (port > 55_000) port = await freePort()
    const words = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1500']
    all.push(nodes.use(await startRedis({ words, port })))
  }
  const places = all.map(({ port }) => `127.0.0.1:${port}`)
  execFileSync('redis-cli', ['--cluster', 'create', ...places, '--cluster-replicas', '1', '--cluster-yes'])
  await sleep(3_000)
  const url = `redis+cluster://${places.join(',')}`
  return await tried({ databaseUrl: postgres.url, redisUrl: url }, async (trial) => {
    await trial.begin(reviews)
    await sleep(5_000)
    const cluster = new Cluster(all.map(({ port }) => ({ host: '127.0.0.1', port })))
    const slot = await cluster.cluster('KEYSLOT', '{sheaf}')
    const slots = await cluster.cluster('SLOTS')
    cluster.disconnect()
    const holder = slots.find(([from, to]) => slot >= Number(from) && slot <= Number(to))
    const port = Number(holder?.[2]?.[1])
    const node = all.find((one) => one.port === port)
    if (!node) throw new Error('Nobody holds the queue.')
    await node.stop()
    return `${reviews} reviews`
  })
}

export const redisFaults: Record<string, Fault> = {
  'redis-restarted': redisRestarted,
  'redis-emptied': redisEmptied,
  'sentinel-fails-over': sentinelFailsOver,
  'cluster-node-lost': clusterNodeLost,
}
