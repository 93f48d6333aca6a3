/**
 * Tells whoever follows a session, in any process, that something new is stored. An announcement carries nothing else,
 * may come too often and may be lost: what is true stands in the database.
 */
export interface EventBus {
  /** Announces that a session has new events. Call it after they are committed. */
  publish(session: string): Promise<void>
  /**
   * Calls back on each announcement for a session, and whenever some may have been missed. Resolves when it is in
   * effect everywhere; the function it gives ends it.
   */
  subscribe(session: string, onNew: () => void): Promise<() => void>
  /** Ends all subscriptions and closes the bus's own connections. */
  close(): Promise<void>
}
