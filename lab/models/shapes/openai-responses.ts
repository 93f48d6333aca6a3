import { z } from 'zod'
import { jsonSchema, piecesOf, type Reply, type Shape, type StreamEvent, type Usage } from '../exchange.ts'
import { strictProblem } from '../schemas.ts'
import { openaiFailure, openaiLimitHeaders, openaiQuotaError } from './openai-errors.ts'

const partsSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
const requestSchema = z.looseObject({
  model: z.string(),
  instructions: z.string().nullish(),
  input: z.array(z.looseObject({ role: z.string(), content: partsSchema })),
  stream: z.boolean().optional(),
  max_output_tokens: z.number().nullish(),
  text: z
    .looseObject({ format: z.looseObject({ type: z.string(), schema: jsonSchema.optional() }).optional() })
    .optional(),
})

/** OpenAI's Responses API: `POST /responses`. */
export const openaiResponses: Shape = {
  readRequest(body) {
    const { model, instructions, input, stream, max_output_tokens, text } = requestSchema.parse(body)
    const said = (roles: readonly string[]) =>
      input.flatMap(({ role, content }) => (roles.includes(role) ? [textOf(content)] : [])).join('\n')
    return {
      model,
      instructions: [instructions ?? '', said(['system', 'developer'])].join('\n').trim(),
      input: said(['user']),
      schema: text?.format?.type === 'json_schema' ? text.format.schema : undefined,
      stream: stream === true,
      maxOutputTokens: max_output_tokens ?? undefined,
    }
  },

  whole: (reply) => responseOf(reply, ending(reply), [messageOf(reply)]),

  stream(reply) {
    const item = `msg_${reply.id}`
    const at = { item_id: item, output_index: 0, content_index: 0 }
    const [kind, field] = reply.refused
      ? (['refusal', 'refusal'] as const)
      : (['output_text', 'text'] as const)
    const text = reply.refused ? refusal : reply.text
    return numbered([
      ...opening(reply),
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...messageOf(reply), content: [], status: 'in_progress' },
      },
      { type: 'response.content_part.added', ...at, part: { type: kind, [field]: '', annotations: [] } },
      ...piecesOf(text).map((delta) => ({ type: `response.${kind}.delta`, ...at, delta })),
      { type: `response.${kind}.done`, ...at, [field]: text },
      { type: 'response.output_item.done', output_index: 0, item: messageOf(reply) },
      { type: `response.${ending(reply)}`, response: responseOf(reply, ending(reply), [messageOf(reply)]) },
    ])
  },

  quotaInStream: (reply) =>
    numbered([
      ...opening(reply),
      { type: 'error', error: openaiQuotaError },
      {
        type: 'response.failed',
        response: { ...responseOf(reply, 'failed', []), error: openaiQuotaError, usage: null },
      },
    ]),

  failure: openaiFailure,
  limitHeaders: openaiLimitHeaders,
  schemaProblem: strictProblem,
}

const refusal = 'I cannot help with that.'

function ending({ isCut }: Reply): 'incomplete' | 'completed' {
  return isCut ? 'incomplete' : 'completed'
}

function textOf(content: z.infer<typeof partsSchema>): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('\n')
}

type Event = { type: string } & Record<string, unknown>

function opening(reply: Reply): Event[] {
  const response = { ...responseOf(reply, 'in_progress', []), usage: null }
  return [
    { type: 'response.created', response },
    { type: 'response.in_progress', response },
  ]
}

function numbered(events: readonly Event[]): StreamEvent[] {
  return events.map((event, sequence_number) => ({
    event: event.type,
    data: { ...event, sequence_number },
    isText: event.type.endsWith('.delta'),
  }))
}

function messageOf({ id, text, refused }: Reply) {
  const content = refused
    ? { type: 'refusal', refusal }
    : { type: 'output_text', text, annotations: [], logprobs: [] }
  return { id: `msg_${id}`, type: 'message', status: 'completed', role: 'assistant', content: [content] }
}

function responseOf({ id, model, createdAt, usage }: Reply, status: string, output: unknown[]) {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: createdAt,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    model,
    output,
    usage: usageOf(usage),
  }
}

function usageOf({ input, cached, output, reasoning }: Usage) {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  }
}
