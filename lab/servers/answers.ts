/** A text as it may stand in XML. */
export function xml(text: string | number): string {
  return String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** An element, or nothing without a text. */
export function element(name: string, text: string | number | undefined): string {
  return text === undefined ? '' : `<${name}>${xml(text)}</${name}>`
}

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** A whole number from a parameter, `fallback` without one, NaN for anything else. */
export function wholeOf(parameter: string | undefined | null, fallback: number): number {
  if (parameter === undefined || parameter === null) return fallback
  return /^-?\d{1,12}$/.test(parameter) ? Number(parameter) : Number.NaN
}

/** `2024-03-07`. */
export function dateOf({ year, month, day }: { year: number; month: number; day: number }): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
