import { z } from 'zod'
import { messageOf, SheafError } from '../../errors.ts'

/** Milliseconds for one answer; building takes Qdrant longer, but it answers meanwhile. */
const answerTime = 30_000

/** Asks a Qdrant server (REST, as of version 1.11) and parses what it answers. */
export interface QdrantClient {
  /** @throws {SheafError} `store_unavailable` when it does not answer, or not as documented */
  ask<Result>(
    request: { method: 'GET' | 'PUT' | 'POST'; path: string; body?: unknown },
    result: z.ZodType<Result>,
  ): Promise<Result>
  /** The same; undefined for what is not there. */
  find<Result>(path: string, result: z.ZodType<Result>): Promise<Result | undefined>
}

/** Makes a client for the server at an address. */
export function createQdrantClient(address: string, key: string | undefined): QdrantClient {
  async function send({
    method,
    path,
    body,
  }: {
    method: string
    path: string
    body?: unknown
  }): Promise<Response> {
    try {
      return await fetch(`${address.replace(/\/+$/, '')}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(key !== undefined && { 'api-key': key }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerTime),
      })
    } catch (cause) {
      throw unavailable(`does not answer: ${messageOf(cause)}`, cause)
    }
  }

  async function parsed<Result>(response: Response, result: z.ZodType<Result>): Promise<Result> {
    const text = await response.text()
    if (!response.ok) throw unavailable(`answered ${response.status}: ${text.slice(0, 200)}`)
    try {
      return z.object({ result }).parse(JSON.parse(text)).result
    } catch (cause) {
      throw unavailable('gave an answer that Sheaf does not understand', cause)
    }
  }

  return {
    ask: async (request, result) => parsed(await send(request), result),
    async find(path, result) {
      const response = await send({ method: 'GET', path })
      if (response.status !== 404) return parsed(response, result)
      await response.body?.cancel()
      return undefined
    },
  }
}

function unavailable(what: string, cause?: unknown): SheafError {
  return new SheafError('store_unavailable', `Qdrant ${what}.`, {
    advice: 'See that the server that SHEAF_QDRANT names runs, or leave the setting away.',
    cause,
  })
}
