import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import { SheafError } from '../../errors.ts'
import type { Service, UpstreamResponse } from '../../upstream/upstream.ts'
import { plainText } from './plain-text.ts'

/** Text of a field that may be missing; a value of another kind counts as missing. */
export const text = z.string().nullish().catch(null)
/** A number of a field, also written as text; anything else counts as missing. */
export const number = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number),
  ])
  .nullish()
  .catch(null)
/** Yes or no; anything else counts as missing. */
export const flag = z.boolean().nullish().catch(null)
/** A list whose elements are each read leniently; anything else counts as an empty one. */
export function list<Item extends z.ZodType>(item: Item) {
  return z
    .array(item.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((items) => (items ?? []).filter((each) => each !== null))
}

/** The answer's text. */
export function textOf({ body }: UpstreamResponse): string {
  return new TextDecoder().decode(body)
}

/**
 * The answer as JSON of a known shape.
 * @throws {SheafError} `source_failed`: for a status other than 200, or when it is something else
 */
export function jsonOf<Shape extends z.ZodType>(
  service: Service,
  response: UpstreamResponse,
  shape: Shape,
): z.infer<Shape> {
  if (response.status !== 200) throw refusal(service, response)
  let value: unknown
  try {
    value = JSON.parse(textOf(response))
  } catch (cause) {
    throw unexpected(service, 'something that is not JSON', cause)
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  throw unexpected(
    service,
    `JSON of another shape (${z.prettifyError(parsed.error).slice(0, 200)})`,
    parsed.error,
  )
}

/**
 * The answer as XML: elements by their name without prefix, attributes with `@`, texts with their references unresolved.
 * `raw` names elements whose content stays as it is written, markup included; `many` those that are always lists.
 * Nothing a document declares is heeded: one with declarations of its own (entities) is refused.
 * @throws {SheafError} `source_failed` when it is something else
 */
export function xmlOf(
  service: Service,
  response: UpstreamResponse,
  { raw = [], many }: { raw?: readonly string[]; many: readonly string[] },
): unknown {
  const xml = textOf(response).replace(/^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<!DOCTYPE[^[\]<>]{0,500}>/, '')
  if (!/^\s*</.test(xml)) throw unexpected(service, 'something that is not XML')
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) throw unexpected(service, 'XML with declarations of its own')
  try {
    return new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      removeNSPrefix: true,
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      isArray: (name) => many.includes(name),
      stopNodes: raw.map((name) => `..${name}`),
    }).parse(xml, true)
  } catch (cause) {
    throw unexpected(service, 'XML that cannot be read', cause)
  }
}

/** What to say of an answer with a status that refuses: what the service says of it, and what a person can do. */
export function refusal({ title }: Service, response: UpstreamResponse): SheafError {
  const said = reasonOf(response)
  const advice =
    response.status === 401 || response.status === 403
      ? `Check the key for ${title}, or search without this source.`
      : 'Change the concepts of the plan, or search without this source.'
  return new SheafError(
    'source_failed',
    `${title} refused the request (HTTP ${response.status})${said === '' ? '.' : `: ${said}`}`,
    { advice },
  )
}

function unexpected({ title }: Service, what: string, cause?: unknown): SheafError {
  return new SheafError('source_failed', `${title} answered with ${what}.`, {
    advice: 'Try again later, or search without this source.',
    retryable: true,
    cause,
  })
}

const reasonSchema = z.object({
  message: text,
  error: z
    .union([z.string(), z.object({ message: text })])
    .nullish()
    .catch(null),
})

/** The service's own words, at most 300 characters; empty when there are none, or they are a page for a browser. */
function reasonOf(response: UpstreamResponse): string {
  const body = textOf(response).slice(0, 10_000)
  if (/^\s*<(?:!doctype html|html)/i.test(body)) return ''
  try {
    const { message, error } = reasonSchema.parse(JSON.parse(body))
    return plainText(message ?? (typeof error === 'string' ? error : error?.message)).slice(0, 300)
  } catch {
    // Not JSON: the text itself is what it says.
    return /^\s*[[{<]/.test(body) ? '' : plainText(body).slice(0, 300)
  }
}

/** From this many entries on, one at least can be read, or the service has changed its format. */
const surely = 10

/**
 * The records of a page's entries in their order, without those that cannot be one (no title, no identifier).
 * @throws {SheafError} `source_failed` when there are ten entries or more and none is usable
 */
export function usable<Entry, Found>(
  service: Service,
  entries: readonly Entry[],
  read: (entry: Entry) => Found | undefined,
): Found[] {
  const found = entries.map(read).filter((each) => each !== undefined)
  if (found.length === 0 && entries.length >= surely)
    throw unexpected(service, `${entries.length} entries of which none can be read`)
  return found
}
