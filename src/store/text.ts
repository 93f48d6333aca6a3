/** PostgreSQL's text and jsonb take neither NUL nor half of a surrogate pair; both become U+FFFD, so offsets still hold. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd')
}

/** JSON that a jsonb column takes, see {@link storableText}. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  // Only these escapes can stand for what is refused; most values hold none of them and are not walked twice.
  if (!/\\u(?:0000|d[89a-f])/.test(json)) return json
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return storableText(part)
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [storableText(key), inner]))
  })
}
