import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { ZodError } from 'zod'
import { think } from './brain/brain.ts'
import {
  type Failure,
  type FailureResponse,
  type ModelRequest,
  type Provider,
  type Reply,
  type Shape,
  type StreamEvent,
  tokensOf,
} from './exchange.ts'
import { faultOf, type ModelFaults } from './faults.ts'
import { createGate } from './gate.ts'
import type { Journal } from './journal.ts'
import { drawLatency, type ModelLatency } from './latency.ts'
import type { Meter } from './limits.ts'
import { departure } from './schemas.ts'

/** A provider of the laboratory: what it counts, and what can be switched while it runs. */
export interface ModelProvider {
  provider: Provider
  seed: number
  requests: Meter
  tokens: Meter
  faults: ModelFaults
  latency: ModelLatency
  journal: Journal
  /** Milliseconds of a clock that does not go back. */
  now: () => number
}

/** What a server sends; undefined closes the connection without a word. */
export type Response =
  | (FailureResponse & { events?: undefined })
  | { status: 200; headers: Record<string, string>; body?: unknown; events?: AsyncIterable<StreamEvent> }

/** Prefixes of at least this many tokens are cached, as at OpenAI. */
const leastCached = 1_024

/** Answers requests in one shape, within the provider's limits and with its faults. */
export function createAnswering(of: ModelProvider, shape: Shape) {
  const { provider, seed, tokens, journal } = of
  const prefixes = new Set<string>()
  const gate = createGate(of)

  const refuse = (failure: Failure): FailureResponse => {
    journal.outcome(provider, failure.kind)
    return shape.failure(failure)
  }

  const replyTo = (request: ModelRequest, key: string, times: number, fault: string | undefined) => {
    const { task, value, mistakes } = think(request.input, of.faults.wrong, seed, key, times)
    const problem = request.schema && departure(value, request.schema)
    if (problem)
      throw new RangeError(`The laboratory's answer to ${task} is not of the shape asked for: ${problem}.`)
    const whole = JSON.stringify(value)
    const most = (request.maxOutputTokens ?? Number.POSITIVE_INFINITY) * 4
    const bytes = Buffer.from(whole)
    const isCut = bytes.length > most
    const text =
      fault === 'malformed'
        ? whole.slice(0, whole.length / 2)
        : isCut
          ? bytes.subarray(0, most).toString()
          : whole
    const prefix = tokensOf(request.instructions)
    const cached = prefixes.has(request.instructions) && prefix >= leastCached ? prefix : 0
    prefixes.add(request.instructions)
    const input = prefix + tokensOf(request.input)
    const said = fault === 'refused' ? 8 : tokensOf(text)
    const reasoning = Math.ceil(said / 4)
    const reply: Reply = {
      id: createHash('sha256').update(`${key} ${times}`).digest('hex').slice(0, 24),
      model: request.model,
      text,
      tool: request.tool,
      refused: fault === 'refused',
      isCut: isCut && fault === undefined,
      usage: { input, cached, output: said + reasoning, reasoning },
      createdAt: Math.floor(Date.now() / 1_000),
    }
    return { task, reply, isFaultless: fault === undefined && mistakes === 0 && !isCut }
  }

  return async (body: unknown, path: string, signal: AbortSignal): Promise<Response | undefined> => {
    if (of.faults.down) {
      journal.outcome(provider, 'down')
      return undefined
    }
    let request: ModelRequest
    try {
      request = shape.readRequest(body, path)
    } catch (thrown) {
      if (!(thrown instanceof ZodError)) throw thrown
      journal.violate(provider, 'invalid_request', thrown.message)
      return refuse({ kind: 'invalid', message: thrown.message })
    }
    const message = request.schema && shape.schemaProblem(request.schema)
    if (message) {
      journal.violate(provider, 'invalid_request', message)
      return refuse({ kind: 'invalid', message })
    }
    if (of.faults.quotaGone) return refuse({ kind: 'quota' })
    const beyond = gate.beyond(tokensOf(request.instructions) + tokensOf(request.input))
    if (beyond) return refuse(beyond)

    const key = createHash('sha256')
      .update(JSON.stringify([request.instructions, request.input]))
      .digest('hex')
    const times = journal.timesBefore(key)
    const fault = faultOf(of.faults, seed, provider, key, times)
    if (fault === 'serverError') return refuse({ kind: 'server_error' })
    if (fault === 'overloaded') return refuse({ kind: 'overloaded' })
    if (fault === 'quotaMidStream' && !request.stream) return refuse({ kind: 'quota' })
    if (fault === 'rateLimited') {
      return refuse(gate.close())
    }

    const { task, reply, isFaultless } = replyTo(request, key, times, fault)
    journal.task(provider, task)
    const drawn = drawLatency(of.latency, seed, provider, key, times)
    const slow =
      faultOf({ ...of.faults, serverError: of.faults.slow }, seed, key, times, 'slow') === 'serverError'
    const first = drawn.firstToken * (slow ? 20 : 1)
    const finish = (outcome: string) => {
      const { input, output } = reply.usage
      tokens.take(output, of.now())
      journal.used(input, output)
      journal.outcome(provider, outcome)
    }
    const headers = shape.limitHeaders(gate.limits(), new Date())
    if (!request.stream) {
      const isThere = await pass(first + drawn.perToken * reply.usage.output, signal)
      finish(isThere ? (fault ?? 'answered') : 'abandoned')
      if (!isThere) return undefined
      journal.delivered(key, task, isFaultless)
      return { status: 200, headers, body: shape.whole(reply) }
    }
    const events = fault === 'quotaMidStream' ? shape.quotaInStream(reply) : shape.stream(reply)
    async function* paced() {
      let isThere = await pass(first, signal)
      for (const event of events) {
        if (isThere && event.isText) isThere = await pass(4 * drawn.perToken, signal)
        if (!isThere) break
        yield event
      }
      finish(isThere ? (fault ?? 'answered') : 'abandoned')
      if (isThere) journal.delivered(key, task, isFaultless)
    }
    return { status: 200, headers, events: paced() }
  }
}

/** Lets time pass; whether the client is still there after it. */
async function pass(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (milliseconds > 0) await wait(milliseconds, undefined, { signal }).catch(() => {})
  return !signal.aborted
}
