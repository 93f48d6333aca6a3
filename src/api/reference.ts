import { html, raw } from 'hono/html'
import { z } from 'zod'

/**
 * What the reference reads of an OpenAPI document (3.1). It is drawn here, not by one of the libraries for that: those bring
 * scripts, and a page without any can be forbidden to run one beside the reader's login.
 */
const schemaSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    description: z.string().optional(),
    format: z.string().optional(),
    default: z.unknown().optional(),
    properties: z.record(z.string(), schemaSchema).optional(),
    required: z.array(z.string()).optional(),
    items: schemaSchema.optional(),
    anyOf: z.array(schemaSchema).optional(),
    oneOf: z.array(schemaSchema).optional(),
    allOf: z.array(schemaSchema).optional(),
  }),
)
interface JsonSchema {
  $ref?: string | undefined
  type?: string | string[] | undefined
  enum?: unknown[] | undefined
  const?: unknown
  description?: string | undefined
  format?: string | undefined
  default?: unknown
  properties?: Record<string, JsonSchema> | undefined
  required?: string[] | undefined
  items?: JsonSchema | undefined
  anyOf?: JsonSchema[] | undefined
  oneOf?: JsonSchema[] | undefined
  allOf?: JsonSchema[] | undefined
}

const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema.optional() }))
const operationSchema = z.object({
  tags: z.array(z.string()).default(['Other']),
  summary: z.string().default(''),
  description: z.string().default(''),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        description: z.string().default(''),
        schema: schemaSchema.optional(),
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: contentSchema.optional() })),
})
const documentSchema = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string().default('') }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), schemaSchema).default({}) }).default({ schemas: {} }),
})
type Operation = z.infer<typeof operationSchema> & { method: string; path: string }

/** What a browser may do with the page: show it. */
export const referencePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/** The reference of an API as one page without scripts, from its OpenAPI document. */
export function renderReference(document: unknown): string {
  const { info, paths, components } = documentSchema.parse(document)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method,
      path,
      ...operationSchema.parse(operation),
    })),
  )
  const groups = Map.groupBy(operations, ({ tags }) => tags[0]!)
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${info.title} API ${info.version}</title>
<style>${raw(style)}</style>
</head>
<body>
<header><h1>${info.title} API <small>${info.version}</small></h1><p>${info.description}</p>
<p>As data: <a href="openapi.json">openapi.json</a></p></header>
<nav aria-label="Resources"><ul>${[...groups.keys()].map((name) => html`<li><a href="#${idOf(name)}">${name}</a></li>`)}<li><a href="#schemas">Schemas</a></li></ul></nav>
<main>
${[...groups].map(
  ([name, own]) => html`<section id="${idOf(name)}"><h2>${name}</h2>${own.map(drawOperation)}</section>`,
)}
<section id="schemas"><h2>Schemas</h2>${Object.entries(components.schemas).map(
    ([name, schema]) =>
      html`<article id="schema-${name}"><h3>${name}</h3>${
        schema.description === undefined ? '' : html`<p>${schema.description}</p>`
      }${drawProperties(schema)}</article>`,
  )}</section>
</main>
</body>
</html>
`)
}

function drawOperation({
  method,
  path,
  summary,
  description,
  parameters,
  requestBody,
  responses,
}: Operation) {
  const successes = Object.entries(responses).filter(([status]) => Number(status) < 400)
  const failures = Object.keys(responses).filter((status) => Number(status) >= 400)
  return html`<article>
<h3><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code></h3>
<p>${summary}</p>${description === '' ? '' : html`<p>${description}</p>`}
${
  parameters.length === 0
    ? ''
    : html`<table><caption>Parameters</caption><tbody>${parameters.map(
        (parameter) =>
          html`<tr><th scope="row"><code>${parameter.name}</code>${parameter.required ? '' : ' (optional)'}</th><td>${parameter.in}</td><td>${drawType(parameter.schema ?? {})}</td><td>${parameter.description}</td></tr>`,
      )}</tbody></table>`
}
${requestBody ? html`<h4>Body</h4>${drawContent(requestBody.content)}` : ''}
<h4>Answers</h4>
<dl>${successes.map(
    ([status, answer]) =>
      html`<dt>${status}</dt><dd>${answer.description} ${answer.content ? drawContent(answer.content) : ''}</dd>`,
  )}${failures.length === 0 ? '' : html`<dt>${failures.join(', ')}</dt><dd>a <a href="#schema-Problem">Problem</a></dd>`}</dl>
</article>`
}

function drawContent(content: z.infer<typeof contentSchema>) {
  return Object.entries(content).map(
    ([type, { schema = {} }]) =>
      html`<div><code>${type}</code> ${drawType(schema)}${schema.properties ? drawProperties(schema) : ''}</div>`,
  )
}

function drawProperties({ properties, required = [], ...schema }: JsonSchema) {
  if (!properties) return html`<p>${drawType(schema)}</p>`
  return html`<table><tbody>${Object.entries(properties).map(
    ([name, property]) =>
      html`<tr><th scope="row"><code>${name}</code>${required.includes(name) ? '' : ' (optional)'}</th><td>${drawType(property)}</td><td>${property.description ?? ''}</td></tr>`,
  )}</tbody></table>`
}

/** A schema in a few words: its name where it has one, else what it is made of. */
function drawType(schema: JsonSchema): ReturnType<typeof html> | string {
  const name = schema.$ref?.split('/').at(-1)
  if (name !== undefined) return html`<a href="#schema-${name}">${name}</a>`
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const parts = schema.anyOf ?? schema.oneOf
  if (parts) return html`${parts.map((part, index) => html`${index === 0 ? '' : ' or '}${drawType(part)}`)}`
  if (schema.allOf)
    return html`${schema.allOf.map((part, index) => html`${index === 0 ? '' : ' and '}${drawType(part)}`)}`
  if (schema.items) return html`list of ${drawType(schema.items)}`
  const type = [schema.type ?? 'anything'].flat().join(' or ')
  const shape = schema.properties ? ` of ${Object.keys(schema.properties).join(', ')}` : ''
  const format = schema.format === undefined ? '' : ` (${schema.format})`
  return `${type}${format}${shape}${schema.default === undefined ? '' : `, by default ${JSON.stringify(schema.default)}`}`
}

function idOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}

const style = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:64rem;margin:0 auto;padding:1rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
article{border-top:1px solid color-mix(in srgb,currentColor 20%,transparent);padding:.5rem 0 1rem;overflow-x:auto}
h3{font-size:1rem;margin:.5rem 0}h4{margin:.75rem 0 .25rem;font-size:.875rem}
table{border-collapse:collapse;font-size:.875rem}caption{text-align:left;font-weight:600}
th,td{text-align:left;vertical-align:top;padding:.125rem 1rem .125rem 0;font-weight:400}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.125rem 1rem;font-size:.875rem;margin:0}dd{margin:0}
b.get{color:#1868b7}b.post{color:#1a7f37}b.put,b.patch{color:#9a6700}b.delete{color:#c4314b}
@media(prefers-color-scheme:dark){b.get{color:#79b8ff}b.post{color:#56d364}b.put,b.patch{color:#e3b341}b.delete{color:#ff8a98}}
`
