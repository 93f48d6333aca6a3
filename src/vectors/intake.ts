import { settledWithin } from '../settled-within.ts'
import type { Sql } from '../store/database.ts'
import {
  newestMark,
  newPassagesOfVectors,
  type PassageVector,
  passagesOfNewVectors,
} from '../store/embeddings.ts'

/** Vectors read from the database at once. */
const batch = 2000
/**
 * Numbers are given before a transaction commits, so one may appear after a higher one. So many of the last are looked at
 * again, which is what several processes embed at a time.
 */
export const lookBack = 256
/** Milliseconds that a question waits for what is new; more of it comes in while it is answered, and serves the next. */
const patience = 2_000

/** Up to where passages of a model were taken in, and which of the last numbers those were. */
export interface IntakePlace {
  readonly passage: number
  readonly embedding: number
  readonly recent: readonly { readonly passage: number; readonly embedding: number }[]
}

/** The place before everything. */
export const nothingTaken: IntakePlace = { passage: 0, embedding: 0, recent: [] }

/** What an index does with new vectors. */
export interface Taker {
  /** Where it stands; asked once for each model. */
  start(model: string): Promise<IntakePlace>
  /** Takes passages with their vectors; none comes twice but from another process. */
  take(model: string, rows: readonly PassageVector[]): Promise<void>
}

/** Brings an index up to what is in the database: one at a time for each model. */
export interface Intake {
  /** Waits until what was embedded before the call is taken in, or for a moment. Throws what reading or taking threw. */
  upToDate(model: string): Promise<void>
}

/** Makes one. Those who ask while one run is under way share the next, lest they miss what was embedded since it began. */
export function createIntake(sql: Sql, taker: Taker): Intake {
  const places = new Map<string, IntakePlace>()
  /** What was newest before the last look. */
  const marks = new Map<string, string>()
  const running = new Map<string, Promise<void>>()
  const waiting = new Map<string, Promise<void>>()

  async function run(model: string): Promise<void> {
    // A look at all that may be new takes many times as long, and for most questions nothing is.
    const mark = await newestMark(sql, model, lookBack)
    if (marks.get(model) === mark) return
    let place = places.get(model) ?? (await taker.start(model))
    const take = async (rows: readonly PassageVector[]) => {
      if (rows.length > 0) await taker.take(model, rows)
      place = placeAfter(place, rows)
      places.set(model, place)
    }
    const old = place.embedding - lookBack
    const known = place.recent.map((one) => one.passage)
    const beginning = place.passage - lookBack
    for (let after = old; ; ) {
      const rows = await passagesOfNewVectors(sql, model, { after, known }, batch)
      await take(rows)
      if (rows.length < batch) break
      after = rows.at(-1)!.embedding
    }
    // Passages whose words had been embedded long before them.
    for (let passage = beginning; old > 0; ) {
      const rows = await newPassagesOfVectors(sql, model, { passage, embedding: old, known }, batch)
      await take(rows)
      if (rows.length < batch) break
      passage = rows.at(-1)!.passage
    }
    marks.set(model, mark)
  }

  function begin(model: string): Promise<void> {
    const begun = run(model).finally(() => running.delete(model))
    running.set(model, begun)
    return begun
  }

  function next(model: string): Promise<void> {
    const now = running.get(model)
    if (now === undefined) return begin(model)
    let then = waiting.get(model)
    if (then === undefined) {
      then = now
        .catch(() => undefined)
        .then(() => {
          waiting.delete(model)
          return begin(model)
        })
      waiting.set(model, then)
    }
    return then
  }

  return {
    async upToDate(model) {
      // Who stopped waiting does not hear of a failure; the next question meets it again.
      await settledWithin(next(model), patience)
    },
  }
}

function placeAfter(before: IntakePlace, rows: readonly PassageVector[]): IntakePlace {
  const passage = rows.reduce((most, row) => Math.max(most, row.passage), before.passage)
  const embedding = rows.reduce((most, row) => Math.max(most, row.embedding), before.embedding)
  const recent = [...before.recent, ...rows]
    .filter((one) => one.passage > passage - lookBack || one.embedding > embedding - lookBack)
    .map((one) => ({ passage: one.passage, embedding: one.embedding }))
  return { passage, embedding, recent }
}
