import { z } from 'zod'
import { jsonSchema, piecesOf, type Reply, type Shape, type StreamEvent, type Usage } from '../exchange.ts'
import { strictProblem } from '../schemas.ts'
import { openaiFailure, openaiLimitHeaders, openaiQuotaError } from './openai-errors.ts'

const partsSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: partsSchema.nullish() })),
  stream: z.boolean().optional(),
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
  response_format: z
    .looseObject({ type: z.string(), json_schema: z.looseObject({ schema: jsonSchema }).optional() })
    .optional(),
})

/** Chat Completions, as OpenAI, Ollama, vLLM and llama.cpp speak it: `POST /chat/completions`. */
export const openaiChat: Shape = {
  readRequest(body) {
    const request = requestSchema.parse(body)
    const said = (roles: readonly string[]) =>
      request.messages
        .flatMap(({ role, content }) => (roles.includes(role) ? [textOf(content)] : []))
        .join('\n')
    return {
      model: request.model,
      instructions: said(['system', 'developer']),
      input: said(['user']),
      schema: request.response_format?.json_schema?.schema,
      stream: request.stream === true,
      maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    }
  },

  whole: ({ id, model, createdAt, text, refused, isCut, usage }) => ({
    id: `chatcmpl-${id}`,
    object: 'chat.completion',
    created: createdAt,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: refused ? null : text, refusal: refused ? refusal : null },
        logprobs: null,
        finish_reason: isCut ? 'length' : 'stop',
      },
    ],
    usage: usageOf(usage),
  }),

  stream: (reply) => [
    chunk(reply, { role: 'assistant', content: '', refusal: null }),
    ...piecesOf(reply.refused ? refusal : reply.text).map((piece) => ({
      ...chunk(reply, reply.refused ? { refusal: piece } : { content: piece }),
      isText: true,
    })),
    chunk(reply, {}, reply.isCut ? 'length' : 'stop'),
    { data: { ...chunkOf(reply), choices: [], usage: usageOf(reply.usage) } },
    { data: '[DONE]' },
  ],

  quotaInStream: (reply) => [
    chunk(reply, { role: 'assistant', content: '' }),
    { data: { error: openaiQuotaError } },
  ],

  failure: openaiFailure,
  limitHeaders: openaiLimitHeaders,
  schemaProblem: strictProblem,
}

const refusal = 'I cannot help with that.'

function textOf(content: z.infer<typeof partsSchema> | null | undefined): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text = '' }) => text).join('\n')
}

function chunkOf({ id, model, createdAt }: Reply) {
  return { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: createdAt, model }
}

function chunk(reply: Reply, delta: object, finish_reason: string | null = null): StreamEvent {
  return {
    data: { ...chunkOf(reply), choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null },
  }
}

function usageOf({ input, cached, output, reasoning }: Usage) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  }
}
