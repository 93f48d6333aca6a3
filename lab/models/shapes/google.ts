import { z } from 'zod'
import {
  type Failure,
  type FailureResponse,
  jsonSchema,
  piecesOf,
  type Reply,
  type Shape,
} from '../exchange.ts'

const contentSchema = z.looseObject({ parts: z.array(z.looseObject({ text: z.string().optional() })) })
const requestSchema = z.looseObject({
  systemInstruction: contentSchema.optional(),
  contents: z.array(contentSchema),
  generationConfig: z
    .looseObject({
      maxOutputTokens: z.number().optional(),
      responseMimeType: z.string().optional(),
      responseJsonSchema: jsonSchema.optional(),
      responseSchema: jsonSchema.optional(),
    })
    .optional(),
})
const pathSchema = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/

/** Gemini: `POST /models/MODEL:generateContent`, and `:streamGenerateContent?alt=sse`. */
export const google: Shape = {
  readRequest(body, path) {
    const { systemInstruction, contents, generationConfig } = requestSchema.parse(body)
    const [, model = '', method] = pathSchema.exec(path) ?? []
    return {
      model,
      instructions: systemInstruction ? textOf(systemInstruction) : '',
      input: contents.map(textOf).join('\n'),
      schema: generationConfig?.responseJsonSchema ?? generationConfig?.responseSchema,
      stream: method === 'streamGenerateContent',
      maxOutputTokens: generationConfig?.maxOutputTokens,
    }
  },

  whole: (reply) => chunk(reply, reply.refused ? undefined : reply.text, ending(reply)),

  stream: (reply) => [
    ...(reply.refused ? [] : piecesOf(reply.text)).map((piece) => ({
      data: chunk(reply, piece),
      isText: true,
    })),
    { data: chunk(reply, reply.refused ? undefined : '', ending(reply)) },
  ],

  quotaInStream: (reply) => [{ data: chunk(reply, '{') }, { data: googleFailure({ kind: 'quota' }).body }],

  failure: googleFailure,
  // Gemini sends no such headers; what is left shows only in a refusal.
  limitHeaders: () => ({}),
  schemaProblem: () => undefined,
}

function ending({ refused, isCut }: Reply): string {
  return refused ? 'SAFETY' : isCut ? 'MAX_TOKENS' : 'STOP'
}

function textOf({ parts }: z.infer<typeof contentSchema>): string {
  return parts.map(({ text = '' }) => text).join('\n')
}

function chunk({ id, model, usage }: Reply, text: string | undefined, finishReason?: string) {
  const content = text === undefined ? {} : { content: { parts: [{ text }], role: 'model' } }
  return {
    candidates: [{ ...content, ...(finishReason && { finishReason }), index: 0 }],
    usageMetadata: {
      promptTokenCount: usage.input,
      cachedContentTokenCount: usage.cached,
      candidatesTokenCount: usage.output - usage.reasoning,
      thoughtsTokenCount: usage.reasoning,
      totalTokenCount: usage.input + usage.output,
    },
    modelVersion: model,
    responseId: id,
  }
}

/** Waiting times stand in the body only, as RetryInfo; a quota of the day names itself in `quotaId`. */
function googleFailure(failure: Failure): FailureResponse {
  const error = (status: number, name: string, message: string, details: object[] = []) => ({
    status,
    body: { error: { code: status, message, status: name, details } },
  })
  const exhausted = (quotaId: string, retryDelay: string) =>
    error(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan.', [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
    ])
  switch (failure.kind) {
    case 'rate_limit': {
      const per =
        failure.of === 'tokens'
          ? 'GenerateContentInputTokensPerModelPerMinute'
          : 'GenerateRequestsPerMinutePerProjectPerModel'
      return exhausted(per, `${(failure.retryAfter / 1_000).toFixed(3)}s`)
    }
    case 'quota':
      return exhausted('GenerateRequestsPerDayPerProjectPerModel', '12s')
    case 'invalid':
      return error(400, 'INVALID_ARGUMENT', failure.message)
    case 'overloaded':
      return error(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.')
    case 'server_error':
      return error(500, 'INTERNAL', 'An internal error has occurred.')
  }
}
