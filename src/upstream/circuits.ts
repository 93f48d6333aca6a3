import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel'
import { SheafError, WaitingError } from '../errors.ts'
import { type Measure, unmeasured } from '../telemetry/measure.ts'
import type { Service, UpstreamResponse } from './upstream.ts'

/** After this many failures in a row a host is taken to be down. */
const failuresInARow = 5
/** For so long it is left alone, in milliseconds; twice as long after each trial that fails. */
const firstBreak = 10_000
const longestBreak = 300_000

/** Keeps requests from hosts that are down, in this process. */
export interface Circuits {
  /**
   * Does work that asks a service.
   * @throws {WaitingError} instead, while the service is down; after a while one request tries whether it is back
   * @throws {SheafError} `upstream_failed` instead, once such a trial has failed too: others' work should not wait longer
   */
  run(service: Service, work: () => Promise<UpstreamResponse>): Promise<UpstreamResponse>
  /** @throws {SheafError} the same, while the service is down */
  check(service: Service): void
}

interface Circuit {
  readonly policy: CircuitBreakerPolicy
  opensAgain: Date
  /** How often it was left alone since it last answered. */
  breaks: number
}

/**
 * Makes circuits, one for each service. Failures in a row tell that a host is down: a share of failures, as cockatiel's
 * sampling counts it, needs more requests per second than most of these services allow.
 * @param options.firstBreak for tests, which cannot wait so long
 * @param options.measure told of each circuit once
 */
export function createCircuits(
  options: {
    readonly firstBreak?: number
    readonly measure?: Pick<Measure, 'watchCircuit'> | undefined
  } = {},
): Circuits {
  const first = options.firstBreak ?? firstBreak
  const { measure = unmeasured } = options
  const circuits = new Map<string, Circuit>()

  function circuitOf({ name }: Service): Circuit {
    const known = circuits.get(name)
    if (known) return known
    const halfOpenAfter = new DelegateBackoff(({ attempt }: { attempt: number }) => {
      const pause = Math.min(longestBreak, first * 2 ** (attempt - 1))
      circuit.opensAgain = new Date(Date.now() + pause)
      circuit.breaks = attempt
      return pause
    })
    const outages = handleWhen((thrown) => SheafError.isInstance(thrown) && thrown.retryable).orWhenResult(
      (response) => (response as UpstreamResponse).status >= 500,
    )
    const breaker = new ConsecutiveBreaker(failuresInARow)
    const circuit: Circuit = {
      policy: circuitBreaker(outages, { halfOpenAfter, breaker }),
      opensAgain: new Date(0),
      breaks: 0,
    }
    circuits.set(name, circuit)
    measure.watchCircuit(name, () => (circuit.policy.state === CircuitState.Closed ? 'closed' : 'open'))
    return circuit
  }

  function check(service: Service): void {
    const circuit = circuitOf(service)
    const { policy, opensAgain } = circuit
    if (policy.state === CircuitState.Open && opensAgain.getTime() > Date.now())
      throw isDown(service, circuit, opensAgain)
    if (policy.state === CircuitState.HalfOpen)
      throw isDown(service, circuit, new Date(Date.now() + Math.min(service.timeout, first)))
  }

  return {
    check,
    async run(service, work) {
      check(service)
      const circuit = circuitOf(service)
      try {
        return await circuit.policy.execute(work)
      } catch (thrown) {
        throw isBrokenCircuitError(thrown) ? isDown(service, circuit, circuit.opensAgain) : thrown
      }
    },
  }
}

function isDown({ title }: Service, { breaks }: Circuit, until: Date): SheafError {
  const message = `${title} does not answer.`
  return breaks > 1
    ? new SheafError('upstream_failed', message, { retryable: true })
    : new WaitingError(title, until, message)
}
