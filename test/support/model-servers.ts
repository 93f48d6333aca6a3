import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The wire formats that providers of language models speak. */
export type ModelShape = 'responses' | 'chat' | 'gemini' | 'anthropic'

/** A call as a model server saw it, read out of its format. */
export interface SeenCall {
  shape: ModelShape
  instructions: string
  /** Texts of the user's messages. */
  messages: string[]
  body: Record<string, unknown>
  headers: IncomingMessage['headers']
}

/** What a model says, or how its server fails. */
export interface ModelReply {
  /** JSON of an answer. Default: `{}`. */
  json?: unknown
  /** Instead of JSON, anything. */
  text?: string
  refusal?: string
  cutOff?: boolean
  inputTokens?: number
  outputTokens?: number
  headers?: Record<string, string>
  /** With a status of its own, the body is what the provider would send, as given. */
  status?: number
  body?: unknown
  /** Breaks the connection instead of answering. */
  breaks?: boolean
}

/** A real HTTP server on this machine that speaks all formats and answers as told. Close it in the end. */
export async function startModelServer(
  reply: (call: SeenCall, count: number) => ModelReply | Promise<ModelReply>,
) {
  const calls: SeenCall[] = []
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const call = read(incoming, JSON.parse(Buffer.concat(parts).toString()))
    calls.push(call)
    const said = await reply(call, calls.length)
    if (said.breaks) {
      incoming.socket.destroy()
      return
    }
    const body = said.status === undefined ? bodies[call.shape](said) : said.body
    outgoing.writeHead(said.status ?? 200, { 'content-type': 'application/json', ...said.headers })
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    calls,
    /** Addresses as the settings name them. */
    baseUrls: {
      openai: `${root}/v1`,
      compatible: `${root}/v1`,
      google: `${root}/v1beta`,
      anthropic: `${root}/v1`,
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

type Message = { role: string; content?: unknown; parts?: unknown }

function read({ url = '', headers }: IncomingMessage, body: Record<string, unknown>): SeenCall {
  const shape = url.endsWith('/responses')
    ? 'responses'
    : url.endsWith('/chat/completions')
      ? 'chat'
      : url.endsWith(':generateContent')
        ? 'gemini'
        : 'anthropic'
  const list = (body.input ?? body.messages ?? body.contents) as Message[]
  const textsOf = (role: (name: string) => boolean) =>
    list.filter((message) => role(message.role)).flatMap(({ content, parts }) => texts(content ?? parts))
  const system = body.system ?? (body.systemInstruction as Message | undefined)?.parts
  const instructions = [...textsOf((role) => role !== 'user'), ...(system === undefined ? [] : texts(system))]
  return {
    shape,
    instructions: instructions.join('\n'),
    messages: textsOf((role) => role === 'user'),
    body,
    headers,
  }
}

function texts(content: unknown): string[] {
  return typeof content === 'string' ? [content] : (content as { text: string }[]).map(({ text }) => text)
}

const bodies: Record<ModelShape, (reply: ModelReply) => unknown> = {
  responses: (reply) => ({
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model: 'm',
    status: reply.cutOff ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: reply.cutOff ? { reason: 'max_output_tokens' } : null,
    output: [
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [
          reply.refusal === undefined
            ? { type: 'output_text', text: textOf(reply), annotations: [] }
            : { type: 'refusal', refusal: reply.refusal },
        ],
      },
    ],
    usage: {
      input_tokens: reply.inputTokens ?? 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: reply.outputTokens ?? 5,
      output_tokens_details: { reasoning_tokens: 0 },
    },
  }),
  chat: (reply) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: textOf(reply) },
        finish_reason: reply.cutOff ? 'length' : reply.refusal === undefined ? 'stop' : 'content_filter',
      },
    ],
    usage: {
      prompt_tokens: reply.inputTokens ?? 10,
      completion_tokens: reply.outputTokens ?? 5,
      total_tokens: (reply.inputTokens ?? 10) + (reply.outputTokens ?? 5),
    },
  }),
  gemini: (reply) => ({
    candidates: [
      {
        content: { role: 'model', parts: [{ text: textOf(reply) }] },
        finishReason: reply.cutOff ? 'MAX_TOKENS' : reply.refusal === undefined ? 'STOP' : 'SAFETY',
      },
    ],
    usageMetadata: {
      promptTokenCount: reply.inputTokens ?? 10,
      candidatesTokenCount: reply.outputTokens ?? 5,
      totalTokenCount: (reply.inputTokens ?? 10) + (reply.outputTokens ?? 5),
    },
  }),
  anthropic: (reply) => ({
    type: 'message',
    id: 'msg_1',
    model: 'm',
    role: 'assistant',
    content: [{ type: 'text', text: textOf(reply) }],
    stop_reason: reply.cutOff ? 'max_tokens' : reply.refusal === undefined ? 'end_turn' : 'refusal',
    stop_sequence: null,
    usage: { input_tokens: reply.inputTokens ?? 10, output_tokens: reply.outputTokens ?? 5 },
  }),
}

function textOf({ json = {}, text, refusal }: ModelReply): string {
  return refusal ?? text ?? JSON.stringify(json)
}
