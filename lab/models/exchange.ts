import { z } from 'zod'

/** Whose shape a server speaks. */
export const providers = ['openai', 'google', 'anthropic', 'compatible'] as const
export type Provider = (typeof providers)[number]

/** A request, whatever its shape. */
export interface ModelRequest {
  model: string
  instructions: string
  input: string
  /** The JSON schema of the answer, if one was sent. */
  schema: JsonSchema | undefined
  /** The answer's schema came as a tool to be called; the answer goes into its arguments. */
  tool?: string | undefined
  stream: boolean
  maxOutputTokens: number | undefined
}

/** What a model used, in tokens. `output` contains `reasoning`; `input` contains `cached`. */
export interface Usage {
  input: number
  cached: number
  output: number
  reasoning: number
}

/** An answer before it has a shape. */
export interface Reply {
  id: string
  model: string
  text: string
  tool?: string | undefined
  refused: boolean
  /** Whether it ends where the bound of its length was reached. */
  isCut: boolean
  usage: Usage
  /** Seconds since 1970. */
  createdAt: number
}

/** One event of a stream; those of an answer's text are paced. */
export interface StreamEvent {
  event?: string
  data: unknown
  isText?: boolean
}

/** What is left of a minute's limit. */
export interface LimitState {
  limit: number
  remaining: number
  /** Milliseconds until all of it is there again. */
  resetAfter: number
}
export interface Limits {
  requests: LimitState
  tokens: LimitState
}

/** Why a request gets no answer. */
export type Failure =
  | { kind: 'rate_limit'; of: 'requests' | 'tokens'; retryAfter: number; limit: number }
  | { kind: 'quota' }
  | { kind: 'server_error' }
  | { kind: 'overloaded' }
  | { kind: 'invalid'; message: string }

/** A response that is no answer. */
export interface FailureResponse {
  status: number
  headers?: Record<string, string>
  body: unknown
}

/** One provider's way of writing requests, answers and failures. */
export interface Shape {
  /** @throws {z.ZodError} when the body is none of a request */
  readRequest(body: unknown, path: string): ModelRequest
  whole(reply: Reply): unknown
  stream(reply: Reply): StreamEvent[]
  /** What ends a stream in which the quota runs out. */
  quotaInStream(reply: Reply): StreamEvent[]
  failure(failure: Failure): FailureResponse
  limitHeaders(limits: Limits, now: Date): Record<string, string>
  /** What keeps a schema from being accepted, in the provider's words. */
  schemaProblem(schema: JsonSchema): string | undefined
}

/** The part of JSON Schema that the answers' schemas use. */
export const jsonSchema = z.looseObject({ type: z.unknown().optional() })
export type JsonSchema = z.infer<typeof jsonSchema>

/** Tokens of a text, estimated: four bytes each. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}

/** A text in pieces as they are streamed, of about four tokens each. */
export function piecesOf(text: string): string[] {
  return text.match(/[\s\S]{1,16}/gu) ?? []
}
