import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status'
import { SheafError } from '../errors.ts'
import { answerOnce, type KeptAnswer } from '../session/answer-once.ts'
import type { ApiContext, ApiEnvironment } from './context.ts'

/** A key as the draft has it, a quoted string, or bare, as most clients send it. */
const keyPattern = /^(?:"([\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/
/** Headers that belong to an answer itself; the others are put on every answer. */
const keptHeaders = ['Content-Type', 'Location']
const replayed = 'Idempotency-Replayed'

/**
 * Does what a POST with an `Idempotency-Key` asks for once, and answers the same again to who repeats it
 * (draft-ietf-httpapi-idempotency-key-header). Answers that say to come again, or that must not be stored, are not kept.
 */
export function answersOnce({
  deployment,
}: Pick<ApiContext, 'deployment'>): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const header = c.req.method === 'POST' ? c.req.header('Idempotency-Key') : undefined
    if (header === undefined) return next()
    const [, quoted, bare] = keyPattern.exec(header.trim()) ?? []
    const key = quoted ?? bare
    if (key === undefined)
      throw new SheafError('invalid_input', 'An Idempotency-Key has 1 to 255 visible characters of ASCII.')
    const name = { user: c.get('caller').user, key }
    const kept = await answerOnce(deployment, name, await fingerprint(c), async () => {
      await next()
      return keptAnswer(c.res)
    })
    if (!kept) return undefined
    const { status, headers, body } = kept
    return status === 204
      ? c.body(null, status, { ...headers, [replayed]: 'true' })
      : c.body(body, status as ContentfulStatusCode, { ...headers, [replayed]: 'true' })
  }
}

/** What is asked, as a hash. An upload goes by its length: reading all of it here would hold it in memory. */
async function fingerprint(c: Context): Promise<string> {
  const { pathname, search } = new URL(c.req.url)
  const type = c.req.header('Content-Type') ?? ''
  const isText = type === '' || type.startsWith('application/json')
  return createHash('sha256')
    .update(`${c.req.method} ${pathname}${search}\n`)
    .update(isText ? new Uint8Array(await c.req.arrayBuffer()) : `${c.req.header('Content-Length')} bytes`)
    .digest('base64url')
}

async function keptAnswer(answer: Response): Promise<KeptAnswer | undefined> {
  const status = answer.status as StatusCode
  // What must not be stored, as the secret of a new token, is made anew instead.
  if (status >= 500 || status === 429 || answer.headers.get('Cache-Control')?.includes('no-store'))
    return undefined
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = answer.headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
  return { status, headers, body: await answer.clone().text() }
}
