import { setTimeout } from 'node:timers/promises'
import { WaitingError } from '../errors.ts'
import type { Sql } from '../store/database.ts'
import {
  enterPause,
  enterTurn,
  isPaused,
  keepPlace,
  leavePlace,
  pausesOf,
  type Reservation,
  removeTurn,
  renewTurn,
  type Share,
  settleTurn,
  withServiceLocked,
} from '../store/limits.ts'
import { type Measure, unmeasured } from '../telemetry/measure.ts'
import type { Limit } from '../upstream/upstream.ts'
import { createHeldPlaces } from './held-places.ts'
import type { Limits, TurnRequest } from './limits.ts'
import { createLine, type Entered, type Line, type Look, stopped, type Waiter } from './line.ts'
import { connectionsInWords, limitInWords } from './reasons.ts'

/** What is put on top of limits. The defaults leave 95 % of a limit per second in use, and 98 % of one per minute. */
export interface LimitsOptions {
  /** A turn is used within this many milliseconds or given up for a new one: a busy process may come late. Default: 25. */
  readonly slack?: number
  /** Requests arrive at other intervals than they were sent, so each window is longer by so many milliseconds. Default: 25. */
  readonly margin?: number
  /** Both are at least this share of a window; of the shortest one, in the case of slack. Default: 0.01. */
  readonly share?: number
  /** A connection is free again so many milliseconds after its process died. Default: 20,000. */
  readonly heldFor?: number
  /** Told how long each request waited for its turn. */
  readonly measure?: Pick<Measure, 'limiterWaited'>
}

type Service = TurnRequest['service']

/** A turn is entered when it is this near, in milliseconds: then at the latest all that others gave back is known. */
const horizon = 1000
/** … or a part of the time already waited, lest small requests that come later keep taking the room of a large one. */
const horizonOfWaited = 1 / 8
/** Others may give back what they do not need, so those who wait look at least so often. */
const longestPause = () => 750 + Math.random() * 500
/** Between two looks at the line for connections, for each place further back. */
const pausePerPlace = () => 30 + Math.random() * 20
/** A pause may begin after a turn was entered, so who slept looks again this shortly before going on. */
const lookBefore = 30
/** A place in the line is kept this long after its last look: a process that died leaves its place so. */
const placeLasts = 5000
/** Longer than processes are busy without a pause: a connection that is in use must not be taken for free. */
const usuallyHeldFor = 20_000
/** How much later than its service's timeout a connection that was never given back is free again. */
const connectionMargin = 2000

/** Why nobody else in a line can go on: what the first of them waits for, and how long at least, in milliseconds. */
interface Block {
  readonly wait: number
  readonly reason: string
  readonly pause: number
}

/**
 * Limits kept in the database, by the database's clock: a log of turns, in which each request enters its own, shortly
 * ahead, at the earliest time at which it fits, and then sleeps until then. No stretch of a window's length, wherever
 * it begins, holds more than the limit. In a process, who asks first has the first turn; between processes, who has
 * waited long goes before. Limiters that count in windows with fixed borders let up to twice the limit pass across a border,
 * and refuse what is beyond, so that all who were refused come again at once.
 */
export function createLimits(sql: Sql, options: LimitsOptions = {}): Limits {
  const { slack = 25, margin = 25, share = 0.01, heldFor = usuallyHeldFor, measure = unmeasured } = options
  const lines = new Map<string, Line>()
  const places = createHeldPlaces(sql, heldFor)

  const lasting = ({ window }: Limit, allowance: number) =>
    window + Math.max(margin, window * share) + allowance

  const firstAllowance = ({ limits }: Service) =>
    limits.length === 0 ? slack : Math.max(slack, Math.min(...limits.map(({ window }) => window)) * share)

  function sharesOf({ request: { service, units }, allowance }: Waiter): Share[] {
    return service.limits
      .map((limit) => ({
        limit: limit.name,
        max: limit.max,
        units: units?.[limit.name] ?? 1,
        lasting: lasting(limit, allowance),
      }))
      .filter((one) => one.units > 0)
  }

  function lineOf(service: string): Line {
    const known = lines.get(service)
    if (known) return known
    const line = createLine((waiters) => look(service, waiters))
    lines.set(service, line)
    return line
  }

  /** Enters turns for the first of those who wait, and refuses those who wait in vain. */
  async function look(service: string, waiters: readonly Waiter[]): Promise<Look> {
    const begun = performance.now()
    const { entered, block } = await withServiceLocked(sql, service, async (trx) => {
      const turns: Entered[] = []
      for (const waiter of waiters) {
        const outcome = await enter(trx, waiter)
        if ('wait' in outcome) return { entered: turns, block: outcome }
        turns.push(outcome)
        // They can be used only after the transaction's end, and soon.
        if (performance.now() - begun > slack / 3) break
      }
      return { entered: turns, block: undefined }
    })
    if (block === undefined) return { entered, refused: new Map(), pause: 0 }
    return { entered, ...refuse(waiters, entered.length, block) }
  }

  /** Enters a turn, and takes a connection with it, or tells what prevents that. */
  async function enter(trx: Sql, waiter: Waiter): Promise<Entered | Block> {
    const { request, since, allowance } = waiter
    const { service } = request
    if (service.connections !== undefined) {
      const { ticket, ahead } = await keepPlace(trx, service.name, waiter.ticket, placeLasts)
      waiter.ticket = ticket
      if (ahead >= service.connections) return blockedByConnections(service, ahead - service.connections + 1)
    }
    const asked = performance.now()
    const near = Math.max(horizon, (asked - since) * horizonOfWaited)
    const reservation = await enterTurn(trx, service.name, sharesOf(waiter), {
      patience: Math.min(near, patienceOf(waiter)),
      replacing: waiter.turn,
    })
    const { turn, wait } = reservation
    waiter.turn = turn
    if (turn === undefined) return blockedByLimit(service, reservation, near)
    if (waiter.ticket !== undefined) {
      await keepPlace(trx, service.name, waiter.ticket, wait + allowance + places.lasts)
    }
    return { soonest: performance.now() + wait, latest: asked + wait + allowance }
  }

  /** Resolves with whether the turn can be used: it has come, in time, and nothing was paused meanwhile. */
  async function sleepUntil(waiter: Waiter, { soonest, latest }: Entered): Promise<boolean> {
    const { service, signal } = waiter.request
    if (soonest - performance.now() > lookBefore) {
      await sleep(soonest - lookBefore, service, signal)
      if (await isPaused(sql, service.name, sharesOf(waiter))) return false
    }
    await sleep(soonest, service, signal)
    return performance.now() <= latest
  }

  async function waitForTurn(waiter: Waiter): Promise<Entered> {
    const { service } = waiter.request
    for (let isFirst = false; ; isFirst = true) {
      const entered = await lineOf(service.name).stand(waiter, isFirst)
      if (await sleepUntil(waiter, entered)) return entered
      // A process that is this busy may come late again: its next turn may be used longer, and counts longer.
      if (performance.now() > entered.latest) waiter.allowance = waiter.allowance * 2 + 1
    }
  }

  async function giveBack({ turn, ticket, request }: Waiter): Promise<void> {
    if (turn !== undefined) await removeTurn(sql, turn)
    if (ticket !== undefined) await leavePlace(sql, ticket)
    lines.get(request.service.name)?.look()
  }

  return {
    async take(request) {
      const { service } = request
      const waiter: Waiter = { request, since: performance.now(), allowance: firstAllowance(service) }
      let entered: Entered
      try {
        entered = await waitForTurn(waiter)
      } catch (thrown) {
        // If this fails too, what is held ends by itself, and the first failure says more.
        await giveBack(waiter).catch(() => undefined)
        throw thrown
      } finally {
        if (lines.get(service.name)?.isEmpty) lines.delete(service.name)
        measure.limiterWaited(service.name, (performance.now() - waiter.since) / 1000)
      }
      if (waiter.ticket !== undefined) places.hold(waiter.ticket, service.timeout + connectionMargin)
      return {
        async renew() {
          if (performance.now() > entered.latest) await renewTurn(sql, waiter.turn!, sharesOf(waiter))
        },
        async settle(units) {
          const shares = service.limits
            .filter(({ name }) => units[name] !== undefined)
            .map((limit) => ({
              limit: limit.name,
              max: limit.max,
              units: units[limit.name]!,
              lasting: lasting(limit, waiter.allowance),
            }))
          await settleTurn(sql, service.name, waiter.turn!, shares)
          lines.get(service.name)?.look()
        },
        async release() {
          if (waiter.ticket === undefined) return
          places.letGo(waiter.ticket)
          await leavePlace(sql, waiter.ticket)
          lines.get(service.name)?.look()
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

function patienceOf({ request, since }: Waiter): number {
  return Math.max(0, request.service.patience - (performance.now() - since))
}

/** Refuses those for whom it takes too long, even if nobody else asked: the first waits, and the others after it. */
function refuse(
  waiters: readonly Waiter[],
  from: number,
  { wait, reason, pause }: Block,
): Omit<Look, 'entered'> {
  const refused = new Map<number, Error>()
  const before = new Map<string, number>()
  let next = pause
  for (const [position, waiter] of waiters.entries()) {
    if (position < from) continue
    const { service, units } = waiter.request
    const takes = service.limits.map(({ name, max, window }) => {
      const ahead = before.get(name) ?? 0
      before.set(name, ahead + Math.min(max, units?.[name] ?? 1))
      return (ahead / max) * window
    })
    const least = wait + Math.max(0, ...takes)
    const patience = patienceOf(waiter)
    if (least > patience) refused.set(position, new WaitingError(service.title, fromNow(least), reason))
    else next = Math.min(next, patience)
  }
  return { refused, pause: Math.max(1, next) }
}

/** A place in the line for connections is worth at least the time that the limits put between two requests. */
function blockedByConnections({ title, connections = 1, limits }: Service, places: number): Block {
  const spacing = Math.max(1, ...limits.map(({ max, window }) => window / max))
  return {
    wait: places * spacing,
    reason: `${connectionsInWords(title, connections)}.`,
    pause: Math.min(longestPause(), places * pausePerPlace()),
  }
}

function blockedByLimit(
  { title, limits }: Service,
  { wait, limit, reason }: Reservation,
  near: number,
): Block {
  const own = limits.find(({ name }) => name === limit)
  const words = reason ?? (own ? `${limitInWords(title, own)}.` : `${title} cannot be asked now.`)
  return { wait, reason: words, pause: Math.min(longestPause(), Math.max(1, wait - near)) }
}

async function sleep(until: number, { title }: Service, signal: AbortSignal | undefined): Promise<void> {
  for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
    if (signal?.aborted) throw stopped(title, signal)
    await setTimeout(Math.ceil(left), undefined, { signal }).catch(() => undefined)
  }
  if (signal?.aborted) throw stopped(title, signal)
}

/** The time at which others know it: the process's clock, whatever the database's says. */
function fromNow(milliseconds: number): Date {
  return new Date(Date.now() + milliseconds)
}
