import { z } from 'zod'
import {
  type Failure,
  type FailureResponse,
  jsonSchema,
  type LimitState,
  piecesOf,
  type Reply,
  type Shape,
  type StreamEvent,
  type Usage,
} from '../exchange.ts'
import { boundsProblem } from '../schemas.ts'

const partsSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
const requestSchema = z.looseObject({
  model: z.string(),
  system: partsSchema.optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: partsSchema })),
  stream: z.boolean().optional(),
  max_tokens: z.number(),
  output_config: z.looseObject({ format: z.looseObject({ schema: jsonSchema }).optional() }).optional(),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: jsonSchema })).optional(),
})

/** Anthropic's Messages API: `POST /messages`. */
export const anthropic: Shape = {
  readRequest(body) {
    const {
      model,
      system = '',
      messages,
      stream,
      max_tokens,
      output_config,
      tools,
    } = requestSchema.parse(body)
    const [tool] = tools ?? []
    return {
      model,
      instructions: textOf(system),
      input: messages.map(({ content }) => textOf(content)).join('\n'),
      schema: output_config?.format?.schema ?? tool?.input_schema,
      tool: tool?.name,
      stream: stream === true,
      maxOutputTokens: max_tokens,
    }
  },

  whole: (reply) => ({
    ...messageOf(reply),
    content: [blockOf(reply, true)],
    stop_reason: stopReason(reply),
    usage: usageOf(reply.usage),
  }),

  stream: (reply) => [
    ...opening(reply),
    typed('content_block_start', { index: 0, content_block: blockOf(reply, false) }),
    ...piecesOf(reply.refused ? '' : reply.text).map((piece) => ({
      ...typed('content_block_delta', { index: 0, delta: deltaOf(reply, piece) }),
      isText: true,
    })),
    typed('content_block_stop', { index: 0 }),
    typed('message_delta', {
      delta: { stop_reason: stopReason(reply), stop_sequence: null },
      usage: usageOf(reply.usage),
    }),
    typed('message_stop', {}),
  ],

  quotaInStream: (reply) => [
    ...opening(reply),
    { event: 'error', data: anthropicFailure({ kind: 'quota' }).body },
  ],

  failure: anthropicFailure,

  limitHeaders({ requests, tokens }, now) {
    const headersOf = (name: string, { limit, remaining, resetAfter }: LimitState) => [
      [`anthropic-ratelimit-${name}-limit`, String(limit)],
      [`anthropic-ratelimit-${name}-remaining`, String(Math.floor(remaining))],
      [`anthropic-ratelimit-${name}-reset`, new Date(now.getTime() + resetAfter).toISOString()],
    ]
    return Object.fromEntries([...headersOf('requests', requests), ...headersOf('tokens', tokens)])
  },

  schemaProblem: boundsProblem,
}

function textOf(content: z.infer<typeof partsSchema>): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('\n')
}

function typed(type: string, fields: object): StreamEvent {
  return { event: type, data: { type, ...fields } }
}

function messageOf({ id, model }: Reply) {
  return { id: `msg_${id}`, type: 'message', role: 'assistant', model, stop_sequence: null }
}

function opening(reply: Reply): StreamEvent[] {
  const message = {
    ...messageOf(reply),
    content: [],
    stop_reason: null,
    usage: usageOf({ ...reply.usage, output: 1 }),
  }
  return [typed('message_start', { message }), typed('ping', {})]
}

function blockOf({ id, text, tool, refused }: Reply, whole: boolean) {
  if (tool === undefined || refused) return { type: 'text', text: whole && !refused ? text : '' }
  return { type: 'tool_use', id: `toolu_${id}`, name: tool, input: whole ? parsed(text) : {} }
}

/** What a model wrote into a tool's arguments, as far as it is JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { text }
  }
}

function deltaOf({ tool }: Reply, piece: string) {
  return tool === undefined
    ? { type: 'text_delta', text: piece }
    : { type: 'input_json_delta', partial_json: piece }
}

function stopReason({ refused, isCut, tool }: Reply): string {
  if (isCut) return 'max_tokens'
  return refused ? 'refusal' : tool === undefined ? 'end_turn' : 'tool_use'
}

function usageOf({ input, cached, output }: Usage) {
  return {
    input_tokens: input - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: output,
  }
}

function anthropicFailure(failure: Failure): FailureResponse {
  const error = (status: number, type: string, message: string) => ({
    status,
    body: { type: 'error', error: { type, message } },
  })
  switch (failure.kind) {
    case 'rate_limit': {
      const words = `This request would exceed your organization's rate limit of ${failure.limit} ${failure.of} per minute.`
      const retryAfter = String(Math.ceil(failure.retryAfter / 1_000))
      return { ...error(429, 'rate_limit_error', words), headers: { 'retry-after': retryAfter } }
    }
    case 'quota':
      return error(
        400,
        'invalid_request_error',
        'Your credit balance is too low to access the Anthropic API.',
      )
    case 'invalid':
      return error(400, 'invalid_request_error', failure.message)
    case 'overloaded':
      return error(529, 'overloaded_error', 'Overloaded')
    case 'server_error':
      return error(500, 'api_error', 'Internal server error')
  }
}
