import type { JsonSchema } from './exchange.ts'

type Node = Record<string, unknown>

/** All schemas within a schema, with their paths. */
function* nodesOf(schema: unknown, path = ''): Generator<{ node: Node; path: string }> {
  if (typeof schema !== 'object' || schema === null) return
  const node = schema as Node
  yield { node, path }
  for (const [name, child] of Object.entries((node.properties as Node | undefined) ?? {}))
    yield* nodesOf(child, `${path}.${name}`)
  yield* nodesOf(node.items, `${path}[]`)
  for (const child of (node.anyOf as unknown[] | undefined) ?? []) yield* nodesOf(child, path)
}

/** What OpenAI's strict mode refuses: objects that allow more properties, or need not have all. */
export function strictProblem(schema: JsonSchema): string | undefined {
  for (const { node, path } of nodesOf(schema)) {
    if (node.type !== 'object') continue
    const names = Object.keys((node.properties as Node | undefined) ?? {})
    const required = (node.required as string[] | undefined) ?? []
    if (node.additionalProperties !== false)
      return `'additionalProperties' is required to be false at '${path}'.`
    const missing = names.find((name) => !required.includes(name))
    if (missing !== undefined)
      return `'required' must include every key in properties at '${path}'. Missing '${missing}'.`
  }
  return undefined
}

const bounds = ['minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'maxItems']

/** What Anthropic's structured outputs refuse: bounds of numbers, lengths and counts. */
export function boundsProblem(schema: JsonSchema): string | undefined {
  for (const { node, path } of nodesOf(schema)) {
    const bound = bounds.find((name) => name in node)
    if (bound !== undefined) return `output_config.format.schema: '${bound}' is not supported at '${path}'.`
  }
  return undefined
}

/** Where a value departs from a schema, by types, names and enumerations. */
export function departure(value: unknown, schema: unknown, path = '$'): string | undefined {
  const { type, anyOf, enum: members, properties, required, items } = schema as Node
  if (Array.isArray(anyOf))
    return anyOf.some((each) => departure(value, each, path) === undefined) ? undefined : path
  const types = type === undefined ? [] : [type].flat()
  if (
    types.length > 0 &&
    !types.includes(typeOf(value)) &&
    !(typeOf(value) === 'integer' && types.includes('number'))
  )
    return `${path} is not ${types.join(' or ')}`
  if (Array.isArray(members) && !members.includes(value)) return `${path} is none of its members`
  if (Array.isArray(value))
    return value.map((each, place) => departure(each, items ?? {}, `${path}[${place}]`)).find(Boolean)
  if (typeof value !== 'object' || value === null) return undefined
  const own = (properties as Node | undefined) ?? {}
  const missing = ((required as string[] | undefined) ?? []).find((name) => !(name in value))
  if (missing !== undefined) return `${path} lacks ${missing}`
  return Object.entries(value)
    .map(([name, each]) => (name in own ? departure(each, own[name], `${path}.${name}`) : undefined))
    .find(Boolean)
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
