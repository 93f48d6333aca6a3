import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { type Dispatcher, request } from 'undici'
import { messageOf, SheafError } from '../errors.ts'
import type { UpstreamResponse } from './upstream.ts'

/** One message to a server and its answer; a redirect is an answer. */
export interface Exchange {
  readonly dispatcher: Dispatcher
  readonly title: string
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly maxBytes: number
  /** Milliseconds from connecting to the last byte. */
  readonly timeout: number
  /** Whether the connection is closed after the answer. */
  readonly once: boolean
  readonly signal: AbortSignal | undefined
}

/** Faults of a connection that the next one has too. */
const lasting = /^(ENOTFOUND|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_INVALID)/

const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * Sends a request and reads its answer whole, decoded. No more is read than may be kept, neither as sent nor decoded.
 * @throws {SheafError} `upstream_failed`, `cancelled`, and what the dispatcher's connector throws
 */
export async function exchange(given: Exchange): Promise<UpstreamResponse> {
  const { dispatcher, title, url, method, headers, maxBytes, timeout, once, signal } = given
  const end = AbortSignal.timeout(timeout)
  const either = signal ? AbortSignal.any([signal, end]) : end
  try {
    const answer = await request(url, {
      dispatcher,
      method,
      headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
      body: given.body ?? null,
      signal: either,
      reset: once,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const received = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value = '']) => [name, [value].flat().join(', ')]),
    )
    const tooLarge = new SheafError(
      'upstream_failed',
      `${title} answered with more than ${inWords(maxBytes)}.`,
    )
    const chunks: Buffer[] = []
    const unpacking = decodersOf(received['content-encoding'])
    const isTooLarge = Number(received['content-length']) > maxBytes
    if (!unpacking || isTooLarge) {
      answer.body.on('error', () => undefined).destroy()
      throw isTooLarge
        ? tooLarge
        : new SheafError('upstream_failed', `${title} answered in a form that was not asked for.`)
    }
    const stages = [
      answer.body,
      bounded(maxBytes, tooLarge),
      ...unpacking,
      bounded(maxBytes, tooLarge),
      async (decoded: AsyncIterable<Buffer>) => {
        for await (const chunk of decoded) chunks.push(chunk)
      },
    ]
    // Its types know either a list or functions.
    await pipeline(stages as unknown as NodeJS.ReadWriteStream[], { signal: either })
    return {
      status: answer.statusCode,
      headers: received,
      body: Buffer.concat(chunks),
      url: url.href,
      cached: false,
    }
  } catch (thrown) {
    if (signal?.aborted) throw cancelled(signal, title)
    if (SheafError.isInstance(thrown)) throw thrown
    if (end.aborted) throw failed(`${title} did not answer within ${timeout / 1000} seconds.`, thrown, true)
    const { code } = thrown as { code?: unknown }
    throw failed(
      `${title} could not be asked: ${messageOf(thrown) || code}.`,
      thrown,
      typeof code !== 'string' || !lasting.test(code),
    )
  }
}

function bounded(maxBytes: number, tooLarge: SheafError) {
  return async function* (source: AsyncIterable<Buffer>) {
    let total = 0
    for await (const chunk of source) {
      total += chunk.byteLength
      if (total > maxBytes) throw tooLarge
      yield chunk
    }
  }
}

/** What undoes the encodings of a body, the last one first; undefined if one is not known. */
function decodersOf(encodings = ''): NodeJS.ReadWriteStream[] | undefined {
  const names = encodings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  if (!names.every((name) => Object.hasOwn(decoders, name))) return undefined
  return names.reverse().map((name) => decoders[name]!())
}

function failed(message: string, cause: unknown, retryable: boolean): SheafError {
  return new SheafError('upstream_failed', message, { cause, retryable })
}

function cancelled(signal: AbortSignal, title: string): SheafError {
  if (SheafError.isInstance(signal.reason)) return signal.reason
  return new SheafError('cancelled', `The request to ${title} was stopped.`)
}

function inWords(bytes: number): string {
  return bytes < 1e6 ? `${bytes.toLocaleString('en-GB')} bytes` : `${Math.round(bytes / 1e6)} MB`
}
