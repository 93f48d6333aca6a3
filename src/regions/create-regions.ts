import { setTimeout } from 'node:timers/promises'
import type { Sql } from '../store/database.ts'
import { leasesHeld, shareLease } from '../store/leases.ts'
import { journeyAtHand } from './journey.ts'
import { type Bindings, type Regions, regionOf } from './regions.ts'

/** What a process knows of regions. */
export interface RegionsOptions {
  readonly sql: Sql
  /** The region in which this process stands, if it stands in one. */
  readonly here: string | undefined
  readonly bindings: Bindings
  /** Told when the database could not be asked; it is asked again. */
  readonly onError: (thrown: unknown) => void
  /** Milliseconds; default: see below. */
  readonly times?: Times
}

interface Times {
  /** Between words that this region is at work, and looks which others are. */
  readonly look: number
  /** After the last word of a region until it is taken to be lost. */
  readonly silence: number
}

const usual: Times = { look: 10_000, silence: 30_000 }

/** Whoever takes a region's queue can let go of it. */
interface Taken {
  close(): Promise<void>
}

/** Regions as worker processes see them. */
export interface OpenRegions extends Regions {
  /**
   * Says from now on that this region is at work on these queues, and looks which of the other regions are not: `take` takes their
   * queues, which are let go of when they are back. Resolves after the first look, with how to end it.
   */
  work<Queue extends string>(
    queues: readonly Queue[],
    take: (queue: Queue, region: string) => Promise<Taken>,
  ): Promise<{ stop(): Promise<void> }>
}

const leaseOf = (queue: string, region: string) => `region ${region} ${queue}`

/** Makes what knows where things are asked. Until {@link OpenRegions.work} has looked, no other region is known to be at work. */
export function createRegions(options: RegionsOptions): OpenRegions {
  const { sql, here, bindings, onError, times: { look, silence } = usual } = options
  const others = [...new Set(Object.values(bindings))].filter((region) => region !== here)
  let atWork: ReadonlySet<string> = new Set()

  return {
    placeOf(asked) {
      const journey = journeyAtHand()
      const region = journey && regionOf(bindings, asked)
      if (region === undefined) return undefined
      return { region, isHere: region === here || !atWork.has(leaseOf(journey!.queue, region)) }
    },

    async work(queues, take) {
      const stopping = new AbortController()
      const taken = new Map<string, Taken>()
      const leaving = new Set<Promise<unknown>>()

      async function lookOnce(): Promise<void> {
        if (here !== undefined)
          for (const queue of queues) await shareLease(sql, leaseOf(queue, here), here, silence)
        const wanted = queues.flatMap((queue) => others.map((region) => ({ queue, region })))
        atWork = await leasesHeld(
          sql,
          wanted.map(({ queue, region }) => leaseOf(queue, region)),
        )
        for (const { queue, region } of wanted) {
          const name = leaseOf(queue, region)
          const own = taken.get(name)
          if (own === undefined && !atWork.has(name)) taken.set(name, await take(queue, region))
          if (own === undefined || !atWork.has(name)) continue
          taken.delete(name)
          // Its jobs may take their time; the next word is not to be late for that.
          const left = own.close().catch(onError)
          leaving.add(left)
          void left.then(() => leaving.delete(left))
        }
      }

      await lookOnce()
      const ended = (async () => {
        while (!stopping.signal.aborted) {
          await setTimeout(look, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
          if (!stopping.signal.aborted) await lookOnce().catch(onError)
        }
      })()
      return {
        async stop() {
          stopping.abort()
          await ended
          await Promise.all([...leaving, ...[...taken.values()].map((one) => one.close())])
        },
      }
    },
  }
}
