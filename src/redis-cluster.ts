import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from 'ioredis'

type Nodes = ConstructorParameters<typeof Cluster>[0]
type Options = ConstructorParameters<typeof Cluster<'legacy'>>[1]

/** Milliseconds for which the end of a disconnect is waited for: one with no node left to close never says that it has ended. */
const endingPatience = 2_000

/**
 * A connection to a Redis Cluster on which everyone who connects or disconnects hears how it ended. BullMQ 6.7 waits for both when
 * a node was lost, with no end to its patience, and ioredis 6.0 forgets them: asked to connect while it disconnects, it opens new
 * nodes beside those that close and never says that it has ended; and a connect whose cluster is not whole yet is begun anew
 * without a word to who asked. A worker that waited so took no job again, with a connection that was ready.
 */
export class OrderlyCluster extends Cluster {
  readonly #nodes: Nodes
  #timesDisconnected = 0

  constructor(nodes: Nodes, options?: Options) {
    super(nodes, options)
    this.#nodes = nodes
  }

  /**
   * Connects, once a disconnect that is under way has ended, and waits until it has, however often it is begun anew.
   * @throws {Error} when it is connected already, no node answers, or it is disconnected again meanwhile
   */
  override async connect(): Promise<void> {
    if (this.status === 'disconnecting') {
      const times = this.#timesDisconnected
      await this.#end()
      if (times !== this.#timesDisconnected) throw new Error('Disconnected while connecting.')
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const ended = () => reject(new Error('Disconnected while connecting.'))
    this.once('ready', resolve).once('end', ended)
    super.connect().then(resolve, reject)
    await promise.finally(() => this.off('ready', resolve).off('end', ended))
  }

  override disconnect(reconnect = false): void {
    this.#timesDisconnected += 1
    super.disconnect(reconnect)
  }

  override quit(...given: Parameters<Cluster['quit']>): ReturnType<Cluster['quit']> {
    this.#timesDisconnected += 1
    return super.quit(...given)
  }

  override duplicate(nodes: Nodes = [], changed: Parameters<Cluster['duplicate']>[1] = {}) {
    const startNodes = nodes.length > 0 ? nodes : this.#nodes
    const copy: unknown = new OrderlyCluster(startNodes, { ...this.options, ...changed } as Options)
    // The types of its replies follow from the options, by types that ioredis keeps to itself.
    return copy as ReturnType<Cluster['duplicate']>
  }

  async #end(): Promise<void> {
    const over = new AbortController()
    const ended = () => over.abort()
    this.once('end', ended)
    await sleep(endingPatience, undefined, { signal: over.signal }).catch(() => undefined)
    this.off('end', ended)
  }
}
