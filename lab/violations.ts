/** Something that a client must not do and did. */
export interface Violation {
  /** `too_early`, `too_fast`, `too_many_connections`, `invalid_key`, … */
  readonly kind: string
  readonly service: string
  /** ISO 8601. */
  readonly time: string
  readonly detail: string
}

/** More are counted and not kept. */
const mostKept = 10_000

/** What clients asked for, and what they did wrong. */
export function createLedger() {
  let violations: Violation[] = []
  let counts = new Map<string, number>()
  let requests = new Map<string, { count: number; statuses: Map<number, number>; most: number }>()
  const under = new Map<string, number>()

  const entry = (service: string) => {
    const known = requests.get(service) ?? { count: 0, statuses: new Map<number, number>(), most: 0 }
    requests.set(service, known)
    return known
  }

  return {
    /** Notes the beginning of a request; returns how many of the service are under way with it. */
    begin(service: string): number {
      const now = (under.get(service) ?? 0) + 1
      under.set(service, now)
      const known = entry(service)
      known.count++
      known.most = Math.max(known.most, now)
      return now
    },

    /** Notes its end; 0 stands for a connection that was cut. */
    end(service: string, status: number): void {
      under.set(service, (under.get(service) ?? 1) - 1)
      const { statuses } = entry(service)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    },

    violate(service: string, kind: string, time: number, detail: string): void {
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      if (violations.length < mostKept)
        violations.push({ kind, service, time: new Date(time).toISOString(), detail })
    },

    violations: (): readonly Violation[] => [...violations],
    /** How often each kind happened, whether kept or not. */
    violationCounts: (): Readonly<Record<string, number>> => Object.fromEntries(counts),
    /** For each service: requests, most at once, and answers by status. */
    requests: (): Readonly<
      Record<string, { count: number; most: number; statuses: Record<string, number> }>
    > =>
      Object.fromEntries(
        [...requests].map(([service, { count, most, statuses }]) => [
          service,
          { count, most, statuses: Object.fromEntries(statuses) },
        ]),
      ),
    reset(): void {
      violations = []
      counts = new Map()
      requests = new Map()
    },
  }
}
export type Ledger = ReturnType<typeof createLedger>

/** Counts what happens in any stretch of `window` milliseconds. `allow`: whether one more is within `max`; it then counts. */
export function createWindow(max: number, window: number) {
  let times: { at: number; units: number }[] = []
  return {
    allow(now: number, units = 1): boolean {
      times = times.filter(({ at }) => at > now - window)
      if (times.reduce((sum, { units }) => sum + units, 0) + units > max) return false
      times.push({ at: now, units })
      return true
    },
  }
}
