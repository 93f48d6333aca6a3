import { setTimeout } from 'node:timers/promises'
import { SheafError, WaitingError } from '../errors.ts'
import type { Sql } from '../store/database.ts'
import {
  enterPause,
  enterTurn,
  isPaused,
  keepPlace,
  leavePlace,
  moveTurnUp,
  pausesOf,
  type Reservation,
  removeTurn,
  type Share,
  settleTurn,
  withServiceLocked,
} from '../store/limits.ts'
import type { Limit } from '../upstream/upstream.ts'
import type { Limits, TurnRequest } from './limits.ts'
import { connectionsInWords, limitInWords } from './reasons.ts'
import { createSleepers, type Sleeper, type Sleepers } from './sleepers.ts'

/** What is put on top of limits, in milliseconds and shares. The defaults leave 95 % of a limit per second in use. */
export interface LimitsOptions {
  /** A turn is used within this time or given up for a new one: a busy process may come late. Default: 25. */
  readonly slack?: number
  /** Requests arrive at other intervals than they were sent: each window is longer by this share of it … Default: 0.02. */
  readonly stretch?: number
  /** … or by this much, if that is more. Default: 25. */
  readonly margin?: number
}

type Service = TurnRequest['service']

/** What a request holds so far, to be given back when it fails. */
interface Held {
  turn?: string | undefined
  ticket?: string | undefined
}

/** A pause may begin after a turn was given, so who slept looks again this shortly before going on. */
const lookBefore = 30
/** Between two looks at the line for connections, for each place further back, and at most. */
const pausePerPlace = 40
const longestPause = 1000
/** A place in the line is kept this long after its last look: a process that died leaves its place so. */
const placeLasts = 5000
/** How much later than its service's timeout a connection that was never given back is free again. */
const connectionMargin = 2000

/**
 * Limits kept in the database, by the database's clock: a log of turns, in which each request enters its own at the
 * earliest time at which it fits, and then sleeps until then. No stretch of a window's length, wherever it begins,
 * holds more than the limit; who asks first has the first turn; nobody asks in vain. Limiters that count in windows with
 * fixed borders let up to twice the limit pass across a border, and refuse what is beyond, so that all who were refused
 * come again at once.
 */
export function createLimits(sql: Sql, options: LimitsOptions = {}): Limits {
  const { slack = 25, stretch = 0.02, margin = 25 } = options
  const inLine = createLines()
  const sleepersOf = new Map<string, Sleepers>()

  const lasting = ({ window }: Limit, allowance: number) =>
    window + Math.max(margin, window * stretch) + allowance

  function sharesOf({ limits }: Service, units: TurnRequest['units'], allowance: number): Share[] {
    return limits
      .map((limit) => ({
        limit: limit.name,
        max: limit.max,
        units: units?.[limit.name] ?? 1,
        lasting: lasting(limit, allowance),
      }))
      .filter((share) => share.units > 0)
  }

  function sleepersAt(service: string): Sleepers {
    const known = sleepersOf.get(service)
    if (known) return known
    const made = createSleepers((sleepers) => moveUp(service, sleepers))
    sleepersOf.set(service, made)
    return made
  }

  async function moveUp(service: string, sleepers: readonly Sleeper[]): Promise<void> {
    const moved = await inLine(service, () =>
      withServiceLocked(sql, service, async (trx) => {
        const moves: { sleeper: Sleeper; soonest: number; latest: number }[] = []
        for (const sleeper of sleepers) {
          const asked = performance.now()
          const wait = await moveTurnUp(trx, service, sleeper.turn, sleeper.shares)
          // Who stands behind one that stays has no more room than that one.
          if (wait === undefined) break
          const latest = sleeper.latest - sleeper.soonest + asked + wait
          moves.push({ sleeper, soonest: performance.now() + wait, latest })
        }
        return moves
      }),
    )
    for (const { sleeper, ...times } of moved) {
      Object.assign(sleeper, times)
      sleeper.wake?.()
    }
  }

  /** Enters a turn, and takes a connection with it, or tells how many are before it in the line for connections. */
  function reserve(
    service: Service,
    shares: readonly Share[],
    held: Held,
    { patience, allowance }: { patience: number; allowance: number },
  ): Promise<number | (Reservation & { soonest: number; latest: number })> {
    return inLine(service.name, () =>
      withServiceLocked(sql, service.name, async (trx) => {
        if (service.connections !== undefined) {
          const { ticket, ahead } = await keepPlace(trx, service.name, held.ticket, placeLasts)
          held.ticket = ticket
          if (ahead >= service.connections) return ahead - service.connections + 1
        }
        const asked = performance.now()
        const entered = await enterTurn(trx, service.name, shares, { patience, replacing: held.turn })
        const soonest = performance.now() + entered.wait
        held.turn = entered.turn
        if (held.ticket !== undefined) {
          const lease = entered.wait + allowance + service.timeout + connectionMargin
          await keepPlace(trx, service.name, held.ticket, lease)
        }
        return { ...entered, soonest, latest: asked + entered.wait + allowance }
      }),
    )
  }

  /** Resolves with whether the turn can be used: it has come, in time, and nothing was paused meanwhile. */
  async function sleepUntil(service: Service, sleeper: Sleeper, signal?: AbortSignal): Promise<boolean> {
    const sleepers = sleepersAt(service.name)
    if (sleeper.soonest - performance.now() > lookBefore) {
      await sleepers.sleep(sleeper, lookBefore, signal)
      stopIfAborted(service, signal)
      if (await isPaused(sql, service.name, sleeper.shares)) return false
    }
    await sleepers.sleep(sleeper, 0, signal)
    stopIfAborted(service, signal)
    return performance.now() <= sleeper.latest
  }

  async function waitForTurn({ service, units, signal }: TurnRequest, held: Held): Promise<void> {
    const end = performance.now() + service.patience
    for (let allowance = slack; ; ) {
      stopIfAborted(service, signal)
      const patience = Math.max(0, end - performance.now())
      const shares = sharesOf(service, units, allowance)
      const entered = await reserve(service, shares, held, { patience, allowance })
      if (typeof entered === 'number') {
        await waitForConnection(service, entered, patience, signal)
        continue
      }
      const { turn, soonest, latest } = entered
      if (turn === undefined) throw waitsForLimit(service, entered)
      if (await sleepUntil(service, { turn, shares, soonest, latest }, signal)) return
      // A process that is this busy may come late again: its next turn may be used longer, and counts longer.
      if (performance.now() > latest) allowance = allowance * 2 + 1
    }
  }

  async function giveBack(service: Service, { turn, ticket }: Held): Promise<void> {
    if (turn !== undefined) await removeTurn(sql, turn)
    if (ticket !== undefined) await leavePlace(sql, ticket)
    sleepersOf.get(service.name)?.moveUp()
  }

  return {
    async take(request) {
      const { service } = request
      const held: Held = {}
      try {
        await waitForTurn(request, held)
      } catch (thrown) {
        // If this fails too, what is held ends by itself, and the first failure says more.
        await giveBack(service, held).catch(() => undefined)
        throw thrown
      } finally {
        if (sleepersOf.get(service.name)?.size === 0) sleepersOf.delete(service.name)
      }
      return {
        async settle(units) {
          const shares = service.limits
            .filter(({ name }) => units[name] !== undefined)
            .map((limit) => ({
              limit: limit.name,
              max: limit.max,
              units: units[limit.name]!,
              lasting: lasting(limit, slack),
            }))
          await settleTurn(sql, service.name, held.turn!, shares)
          sleepersOf.get(service.name)?.moveUp()
        },
        async release() {
          const { ticket } = held
          if (ticket !== undefined) await leavePlace(sql, ticket)
        },
      }
    },
    async pause(service, { limit, until, reason }) {
      const milliseconds = until.getTime() - Date.now()
      if (milliseconds > 0) await enterPause(sql, service, { limit, milliseconds, reason })
    },
    async paused(service) {
      const pauses = await pausesOf(sql, service)
      return pauses.map(({ limit, milliseconds, reason }) => ({
        limit,
        until: fromNow(milliseconds),
        reason,
      }))
    },
  }
}

/** Waits before the next look at the line for connections, unless the turn is certain to be too far away. */
async function waitForConnection(
  service: Service,
  ahead: number,
  patience: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { title, connections = 1, limits } = service
  const spacing = Math.max(0, ...limits.map(({ max, window }) => window / max))
  const least = ahead * spacing
  if (patience === 0 || least > patience)
    throw new WaitingError(
      title,
      fromNow(Math.max(1000, least)),
      `${connectionsInWords(title, connections)}.`,
    )
  const pause = Math.min(longestPause, ahead * pausePerPlace) * (0.75 + Math.random() / 2)
  await setTimeout(Math.min(pause, patience), undefined, { signal }).catch(() =>
    stopIfAborted(service, signal),
  )
}

function waitsForLimit({ title, limits }: Service, { wait, limit, reason }: Reservation): WaitingError {
  const own = limits.find(({ name }) => name === limit)
  const words = reason ?? (own ? `${limitInWords(title, own)}.` : `${title} cannot be asked now.`)
  return new WaitingError(title, fromNow(wait), words)
}

function stopIfAborted({ title }: Service, signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  if (SheafError.isInstance(signal.reason)) throw signal.reason
  throw new SheafError('cancelled', `Waiting for ${title} was stopped.`)
}

/** The time at which others know it: the process's clock, whatever the database's says. */
function fromNow(milliseconds: number): Date {
  return new Date(Date.now() + milliseconds)
}

/** Lets what one process asks for a service go to the database one after another, in the order of asking. */
function createLines(): <Result>(service: string, work: () => Promise<Result>) => Promise<Result> {
  const ends = new Map<string, Promise<unknown>>()
  return (service, work) => {
    const result = (ends.get(service) ?? Promise.resolve()).then(work)
    const end = result.catch(() => undefined).finally(() => ends.get(service) === end && ends.delete(service))
    ends.set(service, end)
    return result
  }
}
