import { closeConnection, connectRedis } from '../../redis.ts'
import { settledWithin } from '../../settled-within.ts'
import type { EventBus } from '../bus.ts'
import { createSubscribers } from '../subscribers.ts'

/** Milliseconds for which a server that is away is waited for: what was announced is stored, and goes on without. */
const patience = 1_000

/**
 * The event bus on Redis' publish and subscribe, on one channel for all topics. Resolves when it is subscribed.
 * ioredis connects again by itself; whoever waits is called then, as announcements may have been missed.
 */
export async function createRedisBus(
  url: string,
  onError: (error: unknown) => void,
  prefix = '{sheaf}',
): Promise<EventBus> {
  const channel = `${prefix}:events`
  const subscribers = createSubscribers()
  const publisher = connectRedis(url, { maxRetriesPerRequest: null })
  const subscriber = connectRedis(url, { maxRetriesPerRequest: null })
  publisher.on('error', onError)
  subscriber.on('error', onError)
  subscriber.on('message', (_channel: string, topic: string) => subscribers.notify(topic))
  await subscriber.subscribe(channel)
  subscriber.on('ready', () => subscribers.notifyAll())
  let closed: Promise<void> | undefined
  async function close() {
    subscribers.clear()
    subscriber.disconnect()
    await closeConnection(publisher)
  }
  return {
    async publish(topic) {
      // What is away hears of it when it is back, if not of this then of having been away.
      await settledWithin(publisher.publish(channel, topic), patience)
    },
    subscribe: async (topic, onNew) => subscribers.add(topic, onNew),
    close() {
      closed ??= close()
      return closed
    },
  }
}
