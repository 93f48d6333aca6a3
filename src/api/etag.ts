import { createHash } from 'node:crypto'
import type { Context } from 'hono'

/**
 * Marks an answer with what its content depends on, and puts it together only where the caller has not got it already
 * (RFC 9110, 13.1.2). The type does not name the empty 304: who sends If-None-Match by hand knows to expect it, and to all
 * others their HTTP client gives the content that it kept.
 * @param parts whatever changes when the content does
 */
export async function unlessKnown<Answer>(
  c: Context,
  parts: readonly unknown[],
  answer: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const hash = createHash('sha256')
    .update(JSON.stringify([c.req.url, ...parts]))
    .digest('base64url')
  const tag = `W/"${hash.slice(0, 22)}"`
  c.header('ETag', tag)
  c.header('Cache-Control', 'private, no-cache')
  const known = c.req
    .header('If-None-Match')
    ?.split(',')
    .map((one) => one.trim())
  if (known?.includes('*') || known?.includes(tag)) return c.body(null, 304) as Answer
  return answer()
}
