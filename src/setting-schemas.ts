import { z } from 'zod'

/** `a, b` in the environment, `["a", "b"]` in config.json. */
export const list = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z.union([
    z.array(item),
    z
      .string()
      .transform((text) =>
        text
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean),
      )
      .pipe(z.array(item)),
  ])

/** `name=value,name=value` in the environment, an object in config.json. */
const byName = (value: z.ZodType<string, string>) =>
  z.union([
    z.record(z.string(), value),
    z
      .string()
      .transform((text) =>
        Object.fromEntries(
          text
            .split(',')
            .filter((part) => part.trim())
            .map((part) => {
              const [name = '', ...rest] = part.split('=')
              return [name.trim(), rest.join('=').trim()]
            }),
        ),
      )
      .pipe(z.record(z.string().min(1), value)),
  ])

/** `arxiv=http://…,openalex=http://…` */
export const addresses = byName(z.url({ protocol: /^https?$/ }))

/** The name of a region, which becomes part of names of queues. */
export const region = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'must be up to 32 small letters, digits and hyphens')

/** `pubmed=us,journals.example.eu=eu,openai/gpt-5=eu` */
export const regionsByName = byName(region)

const modelObjectSchema = z.strictObject({
  provider: z.enum(['openai', 'google', 'anthropic', 'compatible']),
  /** The model's name at its provider. */
  model: z.string().min(1),
  /** Address of an OpenAI-compatible server, or of a stand-in for the provider's own. */
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  requestsPerMinute: z.number().int().positive().optional(),
  tokensPerMinute: z.number().int().positive().optional(),
  /** Calls under way at once in the whole deployment. */
  parallel: z.number().int().positive().optional(),
  /** Whether a compatible server takes a JSON schema for its answers. */
  structuredOutputs: z.boolean().optional(),
})

/** A language model that may be asked, as the settings name it. */
export type ModelSetting = z.infer<typeof modelObjectSchema>

/** `openai/gpt-5` or, for a server of one's own, `compatible/llama3@http://localhost:11434/v1`. */
export const modelSchema = z.union([
  modelObjectSchema,
  z
    .string()
    .regex(
      /^(openai|google|anthropic|compatible)\/[^@\s]+(@https?:\/\/\S+)?$/,
      'must be PROVIDER/MODEL, or compatible/MODEL@ADDRESS',
    )
    .transform((text) => {
      const [name = '', baseUrl] = text.split(/@(?=https?:)/)
      const [provider = '', ...model] = name.split('/')
      return modelObjectSchema.parse({ provider, model: model.join('/'), ...(baseUrl && { baseUrl }) })
    }),
])

/** US dollars for a million tokens. */
export const priceSchema = z.strictObject({
  input: z.number().nonnegative(),
  cachedInput: z.number().nonnegative().optional(),
  output: z.number().nonnegative(),
})

/** A key or password: never shown, logged or traced. */
export const secret = { schema: z.string().min(1), secret: true } as const
/** A whole number from 0 on. */
export const count = z.coerce.number().int().nonnegative()

/** Cookies and codes of a login pass it, so other machines are reached by https alone. */
export const secureUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => /^(https:|http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$))/i.test(url),
    'must begin with https://, or lead to this machine',
  )

/** `true` or `false`, in config.json also without quotation marks. */
export const yesOrNo = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])

/** An address, or a network with the length of its prefix. */
export const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

const bucketObjectSchema = z.strictObject({
  /** Amazon S3, "General purpose bucket naming rules". */
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  /** A key, which begins with it, has 1,024 bytes at most. */
  prefix: z
    .string()
    .max(100)
    .refine(
      (prefix) =>
        prefix === '' || prefix.split('/').every((name) => /^[\w.=-]+$/.test(name) && !/^\.+$/.test(name)),
      'must be plain names with / between',
    ),
})

/** `s3://BUCKET` or `s3://BUCKET/PREFIX` in the environment, an object in config.json. */
export const bucket = z.union([
  bucketObjectSchema,
  z
    .string()
    .regex(/^s3:\/\/[^/]+(\/.*)?$/, 'must be s3://BUCKET/PREFIX')
    .transform((text) => {
      const [name = '', ...prefix] = text.slice('s3://'.length).replace(/\/+$/, '').split('/')
      return { bucket: name, prefix: prefix.join('/') }
    })
    .pipe(bucketObjectSchema),
])

const listenObjectSchema = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().nonnegative().max(65_535),
})

/** `127.0.0.1:9464` or `[::1]:9464` in the environment, an object in config.json. */
export const listenAddress = z.union([
  listenObjectSchema,
  z
    .string()
    .regex(/^(\[[\da-f:.]+\]|[^\s:[\]]+):\d{1,5}$/i, 'must be HOST:PORT')
    .transform((text) => {
      const at = text.lastIndexOf(':')
      return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
    })
    .pipe(listenObjectSchema),
])
