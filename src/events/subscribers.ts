/** Who waits for which topic, in this process. */
export interface Subscribers {
  add(topic: string, onNew: () => void): () => void
  /** Calls back who waits for a topic. */
  notify(topic: string): void
  /** Calls back everybody: announcements may have been missed. */
  notifyAll(): void
  clear(): void
}

export function createSubscribers(): Subscribers {
  const byTopic = new Map<string, Set<() => void>>()
  const call = (callbacks: Iterable<() => void>) => {
    for (const callback of [...callbacks]) callback()
  }
  return {
    add(topic, onNew) {
      const callbacks = byTopic.get(topic) ?? new Set()
      byTopic.set(topic, callbacks)
      // A callback of its own for each subscription, so that one function may subscribe twice.
      const callback = () => onNew()
      callbacks.add(callback)
      return () => {
        callbacks.delete(callback)
        if (callbacks.size === 0 && byTopic.get(topic) === callbacks) byTopic.delete(topic)
      }
    },
    notify: (topic) => call(byTopic.get(topic) ?? []),
    notifyAll: () => {
      for (const callbacks of [...byTopic.values()]) call(callbacks)
    },
    clear: () => byTopic.clear(),
  }
}
