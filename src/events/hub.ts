import { setImmediate } from 'node:timers/promises'
import type { SessionEvent } from '../contract/events.ts'
import { type Measure, unmeasured } from '../telemetry/measure.ts'
import type { EventBus } from './bus.ts'

/** What a hub reads from, and how it learns that a session is over. */
export interface HubParts {
  readonly bus: Pick<EventBus, 'subscribe'>
  /** Stored events of sessions, each from behind its place, oldest first, at most `limit` of each session. */
  readonly read: (places: readonly Place[], limit: number) => Promise<SessionEvent[]>
  /** Number of the last event of each of these sessions that is still there. */
  readonly lastEvents: (sessions: readonly string[]) => Promise<ReadonlyMap<string, number>>
  /** Whether an event may be the last of its session: only then `endOf` is asked. */
  readonly mayBeLast: (event: SessionEvent) => boolean
  /** Why nothing more will happen to a session, `deleted` for one that is gone; undefined while more may come. */
  readonly endOf: (session: string) => Promise<string | undefined>
  /** Told of a store that does not answer; it is asked again after `patience`. */
  readonly onError: (thrown: unknown) => void
  /** How long to trust that nothing is new while nothing is announced. Milliseconds. */
  readonly patience?: number
  /** How many of a session's newest events are kept at hand. */
  readonly kept?: number
  /** Told how long after it was stored each event was given to followers. */
  readonly measure?: Pick<Measure, 'eventDelivered'>
}

/** A session and the number of an event of it. */
export interface Place {
  readonly session: string
  readonly after: number
}

/** A place in a session's events that moves on. Each follower has its own; what they read is shared. */
export interface EventCursor {
  /** The next events, at most a batch, and moves behind them; empty when there is none yet. Throws what `read` throws. */
  take(): readonly SessionEvent[] | Promise<readonly SessionEvent[]>
  /** Why nothing will follow, once everything has been taken. */
  end(): string | undefined
  close(): void
}

/** Lets any number of clients follow any number of sessions, with one reader of the store for all of them. */
export interface EventHub {
  /**
   * Follows a session from behind event `after`; `onNew` is called when there may be more to take, or the end. A place
   * beyond the last event is taken for the last. Throws what the store throws.
   */
  follow(session: string, after: number, onNew: () => void): Promise<EventCursor>
  /** Stops following; cursors give nothing new any more. Safe to call twice. */
  close(): void
}

/** The end of a session that is no longer there. */
const deleted = 'deleted'
const batch = 100
/** Readers that are woken before everybody else in the process has a turn. */
const wokenAtOnce = 250

interface Followed {
  readonly session: string
  /** Number of the newest event that is known. */
  head: number
  /** The newest events without a gap, up to `head`. */
  newest: SessionEvent[]
  end: string | undefined
  /** Whether the newest event may be the last and it is not known yet whether it is. */
  unasked: boolean
  waking: 'none' | 'under way' | 'once more'
  readonly readers: Set<() => void>
  /** Reads of older events under way, by their place: readers that come back together share them. */
  readonly reads: Map<number, Promise<SessionEvent[]>>
  unsubscribe: () => void
  ready: Promise<void>
}

/** Makes a hub. Lost announcements are made up for by one query for all followed sessions, every `patience`. */
export function createEventHub(parts: HubParts): EventHub {
  const { bus, read, lastEvents, mayBeLast, endOf, onError, patience = 5_000, kept = 256 } = parts
  const { measure = unmeasured } = parts
  const all = new Map<string, Followed>()
  /** Where something new was announced. What is announced while the store is read is read in one go after that. */
  const due = new Set<Followed>()
  let isReading = false
  let isClosed = false
  // A look under way when the hub is closed may find the store closed: nobody waits for what it would have found.
  const report = (thrown: unknown) => {
    if (!isClosed) onError(thrown)
  }
  const sweeping = setInterval(() => void sweep().catch(report), patience)
  sweeping.unref()

  function followedBy(session: string): Followed {
    const known = all.get(session)
    if (known) return known
    const followed: Followed = {
      session,
      head: 0,
      newest: [],
      end: undefined,
      unasked: false,
      waking: 'none',
      readers: new Set(),
      reads: new Map(),
      unsubscribe: () => undefined,
      ready: Promise.resolve(),
    }
    followed.ready = start(followed)
    all.set(session, followed)
    return followed
  }

  /** Subscribes before it looks where the session is: what is stored after that look is announced to us. */
  async function start(followed: Followed): Promise<void> {
    followed.unsubscribe = await bus.subscribe(followed.session, () => {
      void followed.ready.then(
        () => lookAt(followed),
        () => undefined,
      )
    })
    do followed.head = await headOf(followed)
    while (!(await askForEnd(followed)))
  }

  function leave(followed: Followed, reader: () => void): void {
    followed.readers.delete(reader)
    if (followed.readers.size > 0 || all.get(followed.session) !== followed) return
    all.delete(followed.session)
    unfollow(followed)
  }

  async function headOf({ session }: Followed): Promise<number> {
    return (await lastEvents([session])).get(session) ?? 0
  }

  /**
   * Asks whether the newest event was the last; false when there is a newer one by now. Looked at in this order, an end is
   * never told to who has not been given the event that made it.
   */
  async function askForEnd(followed: Followed): Promise<boolean> {
    const end = await endOf(followed.session)
    if ((await headOf(followed)) > followed.head) return false
    followed.end = end
    followed.unasked = false
    return true
  }

  function lookAt(followed: Followed): void {
    due.add(followed)
    if (!isReading) void readDue()
  }

  async function readDue(): Promise<void> {
    isReading = true
    try {
      while (due.size > 0) {
        const looked = [...due]
        due.clear()
        const places = looked.map(({ session, head }) => ({ session, after: head }))
        const found = Map.groupBy(await read(places, batch), ({ session }) => session)
        for (const followed of looked) await add(followed, found.get(followed.session) ?? [])
      }
    } catch (thrown) {
      // What was not read now is found by the next sweep.
      report(thrown)
    } finally {
      isReading = false
    }
  }

  async function add(followed: Followed, events: readonly SessionEvent[]): Promise<void> {
    const last = events.at(-1)
    if (last) {
      followed.head = last.sequence
      followed.newest = [...followed.newest, ...events].slice(-kept)
      followed.end = undefined
      followed.unasked = mayBeLast(last)
      wake(followed)
      for (const { at } of events) measure.eventDelivered((Date.now() - Date.parse(at)) / 1000)
    }
    if (events.length === batch) due.add(followed)
    else if (followed.unasked) {
      if (!(await askForEnd(followed))) due.add(followed)
      else if (followed.end !== undefined) wake(followed)
    }
  }

  async function sweep(): Promise<void> {
    if (all.size === 0) return
    const followedNow = [...all.values()]
    const heads = await lastEvents(followedNow.map(({ session }) => session))
    for (const followed of followedNow) {
      const head = heads.get(followed.session)
      if (head === undefined && followed.end !== deleted) {
        followed.end = deleted
        wake(followed)
      } else if (followed.unasked || (head ?? 0) > followed.head) lookAt(followed)
    }
  }

  function older(followed: Followed, place: number): Promise<SessionEvent[]> {
    const { reads, session } = followed
    const reading =
      reads.get(place) ?? read([{ session, after: place }], batch).finally(() => reads.delete(place))
    reads.set(place, reading)
    return reading
  }

  return {
    async follow(session, after, onNew) {
      const followed = followedBy(session)
      // A function of its own, so that one caller may follow twice.
      const reader = () => onNew()
      followed.readers.add(reader)
      let place: number
      try {
        await followed.ready
        // A client of another replica may be ahead of what is known here.
        place = after > followed.head ? Math.min(after, await headOf(followed)) : after
      } catch (thrown) {
        leave(followed, reader)
        throw thrown
      }
      if (place > followed.head) lookAt(followed)
      const moveBehind = (events: readonly SessionEvent[]) => {
        place = events.at(-1)?.sequence ?? place
        return events
      }
      return {
        take() {
          if (place >= followed.head) return []
          const first = followed.head - followed.newest.length + 1
          if (place + 1 < first) return older(followed, place).then(moveBehind)
          return moveBehind(followed.newest.slice(place + 1 - first, place + 1 - first + batch))
        },
        end: () => (place === followed.head || followed.end === deleted ? followed.end : undefined),
        close: () => leave(followed, reader),
      }
    },
    close() {
      isClosed = true
      clearInterval(sweeping)
      for (const followed of all.values()) unfollow(followed)
      all.clear()
    },
  }
}

/** Ends the subscription, once it is there. */
function unfollow(followed: Followed): void {
  void followed.ready.catch(() => undefined).then(() => followed.unsubscribe())
}

/** Wakes all readers of a session, with a turn for everybody else after some of them. */
function wake(followed: Followed): void {
  if (followed.waking === 'none') void wakeInTurns(followed)
  else followed.waking = 'once more'
}

async function wakeInTurns(followed: Followed): Promise<void> {
  do {
    followed.waking = 'under way'
    let woken = 0
    for (const reader of followed.readers) {
      reader()
      if (++woken % wokenAtOnce === 0) await setImmediate()
    }
  } while (isOnceMore(followed))
  followed.waking = 'none'
}

/** Whether something new came while readers were woken. */
function isOnceMore({ waking }: Followed): boolean {
  return waking === 'once more'
}
