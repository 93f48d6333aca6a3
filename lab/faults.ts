import { z } from 'zod'
import { hashOf, randomOf } from './corpus/random.ts'

/** What may go wrong with a request although its client did nothing wrong. */
export const faultKinds = ['500', '502', '503', 'timeout', 'reset'] as const

/** How often: a share of requests from 0 to 1, of all services or of each named one. */
export const faultRatesSchema = z.union([
  z.number().min(0).max(1),
  z.record(z.string(), z.number().min(0).max(1)),
])
export type FaultRates = z.infer<typeof faultRatesSchema>

/**
 * Decides which requests go wrong. The n-th request of a service meets the same fate in every run of a seed, whatever
 * happens to other services meanwhile.
 */
export function createFaults(seed: number, rates: FaultRates = 0) {
  let current = rates
  const asked = new Map<string, number>()
  return {
    set(rates: FaultRates): void {
      current = rates
    },
    /** What the next request of a service meets, out of the kinds that it may meet. */
    next(service: string, kinds: readonly string[] = faultKinds): string | undefined {
      const count = asked.get(service) ?? 0
      asked.set(service, count + 1)
      const rate = typeof current === 'number' ? current : (current[service] ?? current.all ?? 0)
      const random = randomOf(seed, hashOf(...Buffer.from(service)), count)
      return random.chance(rate) ? random.pick(kinds) : undefined
    },
  }
}
export type Faults = ReturnType<typeof createFaults>
