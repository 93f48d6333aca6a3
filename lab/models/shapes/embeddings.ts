import { z } from 'zod'
import type { EmbeddingShape } from '../embeddings.ts'
import { google } from './google.ts'
import { openaiFailure, openaiLimitHeaders } from './openai-errors.ts'

const openaiRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string())]),
  encoding_format: z.enum(['float', 'base64']).optional(),
})

/** `POST /embeddings`, as OpenAI, Ollama and vLLM speak it. */
export const openaiEmbeddings: EmbeddingShape = {
  readTexts: (body) => [openaiRequest.parse(body).input].flat(),
  answer: (vectors, tokens) => ({
    object: 'list',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model: 'text-embedding-3-small',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }),
  failure: openaiFailure,
  limitHeaders: openaiLimitHeaders,
}

const googleRequest = z.looseObject({
  content: z.looseObject({ parts: z.array(z.looseObject({ text: z.string() })) }),
  taskType: z.enum(['RETRIEVAL_DOCUMENT', 'RETRIEVAL_QUERY']).optional(),
})
const textOf = ({ content }: z.infer<typeof googleRequest>) => content.parts.map(({ text }) => text).join('')
const { failure, limitHeaders } = google

/** Gemini: `POST /models/MODEL:embedContent`. It does not say what it took. */
export const googleEmbedding: EmbeddingShape = {
  readTexts: (body) => [textOf(googleRequest.parse(body))],
  answer: ([values]) => ({ embedding: { values } }),
  failure,
  limitHeaders,
}

/** Gemini: `POST /models/MODEL:batchEmbedContents`. */
export const googleEmbeddings: EmbeddingShape = {
  readTexts: (body) =>
    z
      .looseObject({ requests: z.array(googleRequest) })
      .parse(body)
      .requests.map(textOf),
  answer: (vectors) => ({ embeddings: vectors.map((values) => ({ values })) }),
  failure,
  limitHeaders,
}
