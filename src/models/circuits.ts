import {
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
} from 'cockatiel'
import type { Measure, CircuitState as MeasuredState } from '../telemetry/measure.ts'
import { CallFailure, type FailureKind } from './failures.ts'

/** Of the calls of the last minute such a share may fail, once there are so many; else the next provider takes over. */
const window = 60_000
const fewest = 20
const poorAbove = 0.05
/** With more than this share failing, a provider is not asked even where no other is left. */
const downAbove = 0.5
/** An open circuit is tried after so long, twice as long after each trial that fails; wrong settings rarely get better. */
const firstBreak = 10_000
const longestBreak = 300_000
const settingsBreak = 300_000

/** Failures that are the provider's, whatever is asked of it. */
const outages: ReadonlySet<FailureKind> = new Set(['passing', 'quota_gone', 'misconfigured'])

/** How well a provider does, in this process. */
export interface Circuit {
  /**
   * `well` when it may be asked, also for a trial that is due; `poor` when others should be asked first; `down` when it
   * should be left alone until {@link Circuit.until}.
   */
  readonly standing: 'well' | 'poor' | 'down'
  /** When it is tried again. */
  readonly until: Date
  /** The failure that opened it. */
  readonly reason: CallFailure | undefined
  /** Makes a call and notes how it went; those of a poor provider too, but then it stays poor until its trial. */
  run<Result>(call: () => Promise<Result>): Promise<Result>
}

/** Makes the circuit of one provider. */
export function createCircuit(): Circuit {
  const recent = createRecent()
  let until = new Date(0)
  let reason: CallFailure | undefined
  let isDown = false

  const breaker = {
    state: undefined,
    success(state: CircuitState) {
      if (state === CircuitState.HalfOpen) recent.clear()
      recent.add(false)
    },
    failure(state: CircuitState) {
      recent.add(true)
      if (state !== CircuitState.Closed || reason?.kind !== 'passing') return true
      return recent.count >= fewest && recent.failing > poorAbove
    },
  }
  const policy: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((thrown) => {
      const isOutage = CallFailureIs(thrown) && outages.has(thrown.kind)
      if (isOutage) reason = thrown
      return isOutage
    }),
    {
      breaker,
      halfOpenAfter: new DelegateBackoff(({ attempt }: { attempt: number }) => {
        const pause =
          reason?.kind === 'quota_gone'
            ? reason.until!.getTime() - Date.now()
            : reason?.kind === 'misconfigured'
              ? settingsBreak
              : Math.min(longestBreak, firstBreak * 2 ** (attempt - 1))
        until = new Date(Date.now() + pause)
        isDown = reason?.kind !== 'passing' || recent.failing > downAbove
        return pause
      }),
    },
  )
  const isDue = () => policy.state === CircuitState.Open && until.getTime() <= Date.now()

  return {
    get standing() {
      if (policy.state === CircuitState.Closed || isDue()) return 'well'
      return isDown ? 'down' : 'poor'
    },
    get until() {
      return until
    },
    get reason() {
      return reason
    },
    async run(call) {
      if (policy.state === CircuitState.Closed || isDue()) return policy.execute(call)
      try {
        const result = await call()
        recent.add(false)
        return result
      } catch (thrown) {
        if (CallFailureIs(thrown) && outages.has(thrown.kind)) {
          recent.add(true)
          reason = thrown
          isDown = thrown.kind !== 'passing' || recent.failing > downAbove
        }
        throw thrown
      }
    },
  }
}

const measuredAs: Readonly<Record<Circuit['standing'], MeasuredState>> = {
  well: 'closed',
  poor: 'poor',
  down: 'open',
}

/** Lets a provider's circuit be looked at. */
export function watch(measure: Pick<Measure, 'watchCircuit'>, provider: string, circuit: Circuit): void {
  measure.watchCircuit(provider, () => measuredAs[circuit.standing])
}

function CallFailureIs(thrown: unknown): thrown is CallFailure {
  return thrown instanceof CallFailure
}

/** Counts calls of the last minute. Cockatiel's own sampling keeps old ones longer where calls are rare. */
function createRecent() {
  const calls: { at: number; failed: boolean }[] = []
  const fresh = () => {
    const border = Date.now() - window
    const first = calls.findIndex(({ at }) => at > border)
    calls.splice(0, first === -1 ? calls.length : first)
    return calls
  }
  return {
    add(failed: boolean) {
      fresh().push({ at: Date.now(), failed })
    },
    clear() {
      calls.length = 0
    },
    get count() {
      return fresh().length
    },
    /** Share that failed; 0 of none. */
    get failing() {
      const all = fresh()
      return all.length === 0 ? 0 : all.filter(({ failed }) => failed).length / all.length
    },
  }
}
