import { Cluster, Redis } from 'ioredis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { closedInTime, connectRedis, isRedisAway, isRedisUrl } from './redis.ts'

describe('addresses of a Redis', () => {
  test.each([
    'redis://127.0.0.1:6379',
    'rediss://user:secret@redis.example.org/2',
    'redis+sentinel://a:26379,b:26379/main',
    'redis+sentinel://user:p%40ss@[::1]:26379/main/3',
    'rediss+cluster://a:6379,b',
  ])('%s is one', (url) => expect(isRedisUrl(url)).toBe(true))

  test.each(['http://a', 'redis://', 'redis+sentinel://a:26379', 'redis+cluster://a:b', 'redis+pool://a/b'])(
    '%s is none',
    (url) => expect(isRedisUrl(url)).toBe(false),
  )

  test('sentinels are asked for the server of a name, with its password', () => {
    const connection = connectRedis('redis+sentinel://:p%40ss@a:1,[::1]/main/3', {
      lazyConnect: true,
    }) as Redis
    expect(connection).toBeInstanceOf(Redis)
    expect(connection.options).toMatchObject({
      sentinels: [
        { host: 'a', port: 1 },
        { host: '::1', port: 26_379 },
      ],
      name: 'main',
      db: 3,
      password: 'p@ss',
    })
  })

  test('nodes of a cluster are known by one of them', () => {
    const connection = connectRedis('rediss+cluster://u:p@a:7000', { lazyConnect: true })
    expect(connection).toBeInstanceOf(Cluster)
    connection.disconnect()
  })

  test('what is no address is refused with what would be one', () => {
    expect(() => connectRedis('redis+sentinel://a', {})).toThrow('REDIS_URL is no address of a Redis.')
  })
})

test.each([
  ['Connection is closed.', true],
  ['Too many Cluster redirections. Last error: Error: Connection is closed.', true],
  ['Failed to refresh slots cache.', true],
  ['None of startup nodes is available', true],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', false],
])('“%s” says that Redis is away: %s', (message, isAway) => {
  expect(isRedisAway(new Error(message))).toBe(isAway)
})

describe('the end of connections', () => {
  afterEach(() => vi.useRealTimers())

  test('is waited for, and what fails in it is told', async () => {
    let isClosed = false
    await closedInTime(
      (async () => {
        await Promise.resolve()
        isClosed = true
      })(),
    )
    expect(isClosed).toBe(true)
    await expect(closedInTime(Promise.reject(new Error('no')))).rejects.toThrow('no')
  })

  test('is not waited for when it never comes', async () => {
    vi.useFakeTimers()
    const closed = closedInTime(new Promise(() => undefined))
    await vi.advanceTimersByTimeAsync(10_000)
    await expect(closed).resolves.toBeUndefined()
  })
})
