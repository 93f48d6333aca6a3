import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { modelControl } from './control.ts'
import { createEmbedding, type EmbeddingShape } from './embeddings.ts'
import { type Provider, providers, type Shape } from './exchange.ts'
import { type ModelFaults, noFaults } from './faults.ts'
import { createJournal, type ModelCalls, type ModelViolation } from './journal.ts'
import { type ModelLatency, noLatency } from './latency.ts'
import { createBucket, createWindow } from './limits.ts'
import { createAnswering, type ModelProvider } from './provider.ts'
import { anthropic } from './shapes/anthropic.ts'
import { googleEmbedding, googleEmbeddings, openaiEmbeddings } from './shapes/embeddings.ts'
import { google } from './shapes/google.ts'
import { openaiChat } from './shapes/openai-chat.ts'
import { openaiResponses } from './shapes/openai-responses.ts'

/** How the simulated providers behave from the start. */
export interface ModelLabOptions {
  /** Decides latencies, faults and mistakes. Default 1. */
  seed?: number
  /** Of each provider: prompt and answer together. Default 2,000,000. */
  tokensPerMinute?: number
  /** Of each provider. Default 10,000. */
  requestsPerMinute?: number
  /** Default: none. */
  latency?: ModelLatency
  /** At all providers; what is not named does not happen, but that 3 % of entries are wrong. */
  faults?: Partial<ModelFaults>
  /** Default: any that is free. */
  port?: number
  /** Milliseconds of the clock by which limits are counted; it must not go back. Default: this process's. */
  now?: () => number
}

/** Simulated model servers on this machine. */
export interface ModelLab {
  /** Where control is, below `/lab`. */
  origin: string
  /** What a client's `baseURL` must be; any key is accepted. */
  baseUrls: Record<Provider, string>
  violations(): ModelViolation[]
  calls(): ModelCalls
  /** Largest share of each provider's tokens per minute that was used in any minute. */
  tokenPeaks(): Record<Provider, number>
  /** Share of each provider's tokens per minute that is used now. */
  tokenShares(): Record<Provider, number>
  /** Changes faults while running, of all providers or of one. */
  setFaults(faults: Partial<ModelFaults>, provider?: Provider): void
  setLatency(latency: ModelLatency): void
  close(): Promise<void>
}

/** Which routes, below a provider's base URL, speak which shape. */
const shapes: Record<Provider, Record<string, Shape>> = {
  openai: { '/v1/responses': openaiResponses, '/v1/chat/completions': openaiChat },
  google: { '/v1beta/models/*': google },
  anthropic: { '/v1/messages': anthropic },
  compatible: { '/v1/chat/completions': openaiChat },
}
/** Which routes give vectors. */
const embeddingShapes: Partial<Record<Provider, Record<string, EmbeddingShape>>> = {
  openai: { '/v1/embeddings': openaiEmbeddings },
  google: {
    '/v1beta/models/:call{.+:embedContent}': googleEmbedding,
    '/v1beta/models/:call{.+:batchEmbedContents}': googleEmbeddings,
  },
  compatible: { '/v1/embeddings': openaiEmbeddings },
}
const versions: Record<Provider, string> = {
  openai: 'v1',
  google: 'v1beta',
  anthropic: 'v1',
  compatible: 'v1',
}

/** Starts OpenAI, Gemini, Anthropic and a compatible server in one process, each with limits and faults of its own. */
export async function startModelLab({
  seed = 1,
  tokensPerMinute = 2_000_000,
  requestsPerMinute = 10_000,
  latency = noLatency,
  faults = {},
  port = 0,
  now = () => performance.now(),
}: ModelLabOptions = {}): Promise<ModelLab> {
  const journal = createJournal()
  const app = new Hono<{ Bindings: HttpBindings }>()
  const running = providers.map((provider): ModelProvider => {
    // Anthropic fills a bucket evenly; the others count the last minute.
    const meter = provider === 'anthropic' ? createBucket : createWindow
    const limits = { requests: meter(requestsPerMinute), tokens: meter(tokensPerMinute) }
    return { provider, seed, ...limits, faults: { ...noFaults, ...faults }, latency, journal, now }
  })
  for (const of of running) {
    for (const [route, shape] of Object.entries(embeddingShapes[of.provider] ?? {})) {
      const answer = createEmbedding(of, shape)
      app.post(`/${of.provider}${route}`, async (context) =>
        respond(context, await answer(await bodyOf(context))),
      )
    }
    for (const [route, shape] of Object.entries(shapes[of.provider])) {
      const answer = createAnswering(of, shape)
      app.post(`/${of.provider}${route}`, async (context) =>
        respond(context, await answered(context, answer)),
      )
    }
  }
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const lab: ModelLab = {
    origin,
    baseUrls: byProvider((provider) => `${origin}/${provider}/${versions[provider]}`),
    violations: () => [...journal.violations],
    calls: () => structuredClone(journal.calls),
    tokenPeaks: () => byProvider((provider) => running.find((of) => of.provider === provider)!.tokens.peak),
    tokenShares: () =>
      byProvider((provider) => {
        const { limit, remaining } = running.find((of) => of.provider === provider)!.tokens.state(now())
        return 1 - remaining / limit
      }),
    setFaults(changes, provider) {
      for (const of of running)
        if (provider === undefined || of.provider === provider) Object.assign(of.faults, changes)
    },
    setLatency(changed) {
      for (const of of running) of.latency = changed
    },
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  app.route('/lab', modelControl(lab))
  return lab
}

type LabContext = Context<{ Bindings: HttpBindings }>

async function answered(context: LabContext, answer: ReturnType<typeof createAnswering>) {
  return await answer(await bodyOf(context), context.req.path, context.req.raw.signal)
}

function bodyOf(context: LabContext): Promise<unknown> {
  return context.req.json().catch(() => undefined)
}

function respond(context: LabContext, response: Awaited<ReturnType<typeof answered>>) {
  if (response === undefined) {
    context.env.outgoing.destroy()
    return context.body(null)
  }
  const { status, headers = {}, events } = response
  for (const [name, value] of Object.entries(headers)) context.header(name, value)
  if (events === undefined)
    return context.body(JSON.stringify(response.body), status as 200, { 'content-type': 'application/json' })
  return streamSSE(context, async (stream) => {
    for await (const { event, data } of events)
      await stream.writeSSE({
        ...(event !== undefined && { event }),
        data: typeof data === 'string' ? data : JSON.stringify(data),
      })
  })
}

function byProvider<Value>(of: (provider: Provider) => Value): Record<Provider, Value> {
  return Object.fromEntries(providers.map((provider) => [provider, of(provider)])) as Record<Provider, Value>
}
