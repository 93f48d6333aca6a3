/**
 * Tells whoever waits for it, in any process, that something new is stored: events of a session under the session's id,
 * or what else two modules agree on. An announcement carries nothing else, may come too often and may be lost: what is
 * true stands in the database.
 */
export interface EventBus {
  /** Announces a topic. Call it after what is new is committed. */
  publish(topic: string): Promise<void>
  /**
   * Calls back on each announcement of a topic, and whenever some may have been missed. Resolves when it is in
   * effect; the function it gives ends it.
   */
  subscribe(topic: string, onNew: () => void): Promise<() => void>
  /** Ends all subscriptions and closes the bus's own connections. */
  close(): Promise<void>
}
