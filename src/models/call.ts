import {
  generateText,
  jsonSchema,
  NoObjectGeneratedError,
  NoOutputGeneratedError,
  Output,
  zodSchema,
} from 'ai'
import { z } from 'zod'
import type { Usage } from '../store/model-answers.ts'
import { storableJson } from '../store/text.ts'
import { CallFailure, understand } from './failures.ts'
import type { Question } from './gateway.ts'
import { readJson } from './json-in-text.ts'
import type { Provider } from './providers.ts'

/** What a model answered, of the right shape. */
export interface ModelAnswer<Answer> {
  readonly value: Answer
  /** As it came, before the schema read it, and as it is kept. */
  readonly json: unknown
  readonly usage: Usage
  readonly headers: Readonly<Record<string, string>>
}

// The client would write its remarks on settings that a model does not take to the console, which belongs to our doors.
globalThis.AI_SDK_LOG_WARNINGS = false

/**
 * Asks a provider's model once. The instructions are the prompt's alone; the input is the user's message, and so is a note
 * on what was wrong with the answer before.
 * @throws {CallFailure}
 */
export async function callModel<Answer>(
  provider: Provider,
  question: Question<Answer>,
  options: {
    readonly schema: string
    readonly correction: string | undefined
    readonly signal: AbortSignal
    /** Milliseconds for the whole answer. */
    readonly timeout: number
  },
): Promise<ModelAnswer<Answer>> {
  const { prompt, input, answer, maxOutputTokens } = question
  const { schema, correction, signal, timeout } = options
  const end = AbortSignal.timeout(timeout)
  const instructions = provider.takesSchema
    ? prompt.instructions
    : `${prompt.instructions}\n\nAnswer with one JSON object and nothing else. It conforms to this JSON Schema:\n${schema}`
  const { text, output, usage, headers, finish } = await generate(signal, end, {
    model: provider.model,
    instructions,
    messages: [input, correction]
      .filter((part) => part !== undefined)
      .map((content) => ({ role: 'user' as const, content })),
    ...(provider.takesSchema && {
      output: Output.object({ name: prompt.task, schema: jsonSchema(zodSchema(answer).jsonSchema) }),
    }),
    maxOutputTokens,
    ...provider.settings,
    maxRetries: 0,
    abortSignal: AbortSignal.any([signal, end]),
    telemetry: { isEnabled: false },
  })
  const details = { usage, headers }
  if (finish === 'content-filter')
    throw new CallFailure('refused', `The model would not answer: ${text}`, details)
  if (finish === 'length')
    throw new CallFailure('unusable', `The answer was longer than ${maxOutputTokens} tokens.`, details)
  const said = output ?? readJson(text)
  if (said === undefined) throw new CallFailure('unusable', 'The answer is not a JSON object.', details)
  // What is used is what is kept, also where the database takes less than a model may write.
  const json: unknown = JSON.parse(storableJson(said))
  const parsed = answer.safeParse(json)
  if (!parsed.success) throw new CallFailure('unusable', z.prettifyError(parsed.error), details)
  return { value: parsed.data, json, usage, headers }
}

type Generation = Parameters<typeof generateText>[0]

async function generate(signal: AbortSignal, end: AbortSignal, settings: Generation) {
  try {
    const result = await generateText(settings)
    const { text, finishReason: finish } = result
    const headers = result.response.headers ?? {}
    return {
      text,
      output: settings.output && outputOf(result),
      usage: usageOf(result.usage),
      headers,
      finish,
    }
  } catch (thrown) {
    if (signal.aborted) throw new CallFailure('aborted', 'The call was stopped.', { cause: thrown })
    if (end.aborted) throw new CallFailure('passing', 'There was no answer in time.', { cause: thrown })
    if (!NoObjectGeneratedError.isInstance(thrown)) throw understand(thrown, new Date())
    const { text = '', finishReason: finish, usage, response } = thrown
    return {
      text,
      output: undefined,
      usage: usage ? usageOf(usage) : {},
      headers: response?.headers ?? {},
      finish,
    }
  }
}

/** The parsed answer; undefined where the model wrote nothing. */
function outputOf(result: { readonly output: unknown }): unknown {
  try {
    return result.output
  } catch (thrown) {
    if (NoOutputGeneratedError.isInstance(thrown)) return undefined
    throw thrown
  }
}

function usageOf(usage: Awaited<ReturnType<typeof generateText>>['usage']): Usage {
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cachedTokens: usage.inputTokenDetails.cacheReadTokens,
    cacheWriteTokens: usage.inputTokenDetails.cacheWriteTokens,
    reasoningTokens: usage.outputTokenDetails.reasoningTokens,
  }
}
