import { AsyncLocalStorage } from 'node:async_hooks'
import type { PassedOver } from '../errors.ts'

/** A job on its way through regions. */
export interface Journey {
  /** Its id, the same in all regions. */
  readonly job: string
  /** Name of its queue, without region. */
  readonly queue: string
  /** Models that gave it no answer where they are asked. */
  readonly passed: Readonly<Record<string, PassedOver>>
}

const journeys = new AsyncLocalStorage<Journey>()

/** Does work that can go on in another region when it throws an `ElsewhereError`. */
export function onJourney<Result>(journey: Journey, work: () => Promise<Result>): Promise<Result> {
  return journeys.run(journey, work)
}

/** The journey of the job at hand, if this is part of one. */
export function journeyAtHand(): Journey | undefined {
  return journeys.getStore()
}
