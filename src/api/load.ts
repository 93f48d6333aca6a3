import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { MiddlewareHandler } from 'hono'
import { OverloadError } from '../errors.ts'
import type { ApiEnvironment } from './context.ts'

/** From where on requests are turned away, before those that were taken on suffer. */
export interface LoadLimits {
  /**
   * Median delay of the event loop over the last `span`, in milliseconds. One long task does not reach it; a process
   * that is not free again for as long, time after time, does.
   */
  readonly loopDelay: number
  /** Milliseconds over which the delay is taken. */
  readonly span: number
  /** Requests under way; streams of events are no such. Each holds memory, and most wait for the same database. */
  readonly requests: number
}

const usualLimits: LoadLimits = { loopDelay: 500, span: 2_000, requests: 1_000 }
/** Milliseconds between measurements. */
const resolution = 10
/** Seconds after which who was turned away should come again. */
const retryAfter = 5

/** Turns requests away while there is more at hand than can be done well. `streamsOpen` counts the streams. */
export function shedLoad(limits: Partial<LoadLimits> = {}): MiddlewareHandler<ApiEnvironment> {
  const { loopDelay, span, requests } = { ...usualLimits, ...limits }
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  let isLate = false
  let underWay = 0
  setInterval(() => {
    isLate = delay.percentile(50) / 1e6 - resolution > loopDelay
    delay.reset()
  }, span).unref()

  function refusal(): string | undefined {
    if (isLate) return 'The server is busy'
    if (underWay >= requests) return `${underWay} requests are under way`
    return undefined
  }

  return async (_c, next) => {
    const reason = refusal()
    if (reason !== undefined) throw new OverloadError('overloaded', `${reason}.`, { retryAfter })
    underWay += 1
    try {
      await next()
    } finally {
      underWay -= 1
    }
  }
}
