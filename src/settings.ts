import { z } from 'zod'
import { isRedisUrl } from './redis.ts'
import {
  addresses,
  bucket,
  count,
  list,
  listenAddress,
  type ModelSetting,
  modelSchema,
  network,
  priceSchema,
  region,
  regionsByName,
  secret,
  secureUrl,
  yesOrNo,
} from './setting-schemas.ts'
import { logLevels } from './telemetry/log.ts'

/** Every setting of a deployment: its variable in the environment, what it means, and what it must be. */
export const settings = {
  home: {
    variable: 'SHEAF_HOME',
    meaning: 'Data folder: database, queue, downloads, configuration',
    schema: z.string().min(1),
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    meaning: 'Postgres 15 or newer; without it the database is embedded in the data folder',
    schema: z.url({ protocol: /^postgres(ql)?$/ }),
  },
  redisUrl: {
    variable: 'REDIS_URL',
    meaning:
      'Redis or Valkey for queue and events, as redis://HOST:PORT, redis+sentinel://HOST:PORT,HOST:PORT/NAME or redis+cluster://HOST:PORT,HOST:PORT; needs DATABASE_URL',
    schema: z.string().refine(isRedisUrl, 'must be the address of a Redis'),
  },
  region: {
    variable: 'SHEAF_REGION',
    meaning: 'Region in which this process stands, as eu; needs DATABASE_URL. Default: none',
    schema: region,
  },
  regions: {
    variable: 'SHEAF_REGIONS',
    meaning:
      'Sources, hosts with their subdomains and models that workers of one region alone ask, as pubmed=us,example.eu=eu,openai/MODEL=eu; the same for all processes',
    schema: regionsByName,
  },
  readerThreads: {
    variable: 'SHEAF_READER_THREADS',
    meaning: 'Threads that read PDFs; default: one for each core, at most 8',
    schema: z.coerce.number().int().min(1).max(64),
  },
  maxStreams: {
    variable: 'SHEAF_MAX_STREAMS',
    meaning: 'Streams of events that one server keeps open at most; default 10,000',
    schema: z.coerce.number().int().positive(),
  },
  databaseConnections: {
    variable: 'SHEAF_DATABASE_CONNECTIONS',
    meaning:
      'Connections that one process opens to Postgres at most, and one more for each queue that it takes jobs from there; default 15',
    schema: count.min(4).max(1_000),
  },
  workerMemory: {
    variable: 'SHEAF_WORKER_MEMORY',
    meaning:
      'MiB that a worker process may hold before it ends in good order, to be started afresh; default 3,072',
    schema: count.min(256),
  },
  reviews: {
    variable: 'SHEAF_REVIEWS',
    meaning: 'Folder that reports are written to; default: sheaf-reviews in the current folder',
    schema: z.string().min(1),
  },
  blobs: {
    variable: 'SHEAF_BLOBS',
    meaning:
      'Bucket that files are kept in instead of the data folder, as s3://BUCKET/PREFIX: full texts, pictures, uploads, reports. Region and credentials as Amazon’s programs find them (AWS_REGION and the rest)',
    schema: bucket,
  },
  s3Endpoint: {
    variable: 'SHEAF_S3_ENDPOINT',
    meaning: 'Address of the server of that bucket where it is not Amazon’s, as https://minio.example.org',
    schema: z.url({ protocol: /^https?$/ }),
  },
  email: {
    variable: 'SHEAF_EMAIL',
    meaning: 'Your address, told to Crossref, PubMed and Unpaywall, which ask for it and are faster then',
    schema: z.email(),
  },
  openAlexKey: {
    variable: 'OPENALEX_API_KEY',
    meaning: 'Key of OpenAlex (free): ten times the searches a day',
    ...secret,
  },
  semanticScholarKey: {
    variable: 'SEMANTIC_SCHOLAR_API_KEY',
    meaning: 'Key of Semantic Scholar: requests that do not compete with everybody’s',
    ...secret,
  },
  coreKey: { variable: 'CORE_API_KEY', meaning: 'Key of CORE', ...secret },
  pubMedKey: {
    variable: 'NCBI_API_KEY',
    meaning: 'Key of PubMed: ten requests a second instead of three',
    ...secret,
  },
  models: {
    variable: 'SHEAF_MODELS',
    meaning:
      'Language models that may be asked, first choice first: openai/…, google/…, anthropic/…, compatible/…@ADDRESS',
    schema: list(modelSchema as z.ZodType<ModelSetting, string>),
  },
  embeddings: {
    variable: 'SHEAF_EMBEDDINGS',
    meaning:
      'Model that meaning is searched with: openai/…, google/…, compatible/…@ADDRESS; without one, words are ranked',
    schema: modelSchema.refine(
      ({ provider }) => provider !== 'anthropic',
      'Anthropic has no model for vectors',
    ) as z.ZodType<ModelSetting, string>,
  },
  qdrantUrl: {
    variable: 'SHEAF_QDRANT',
    meaning:
      'Address of a Qdrant server (1.11 or newer) that searches vectors; default: pgvector where Postgres has it, else all are compared',
    schema: z.url({ protocol: /^https?$/ }),
  },
  qdrantKey: { variable: 'SHEAF_QDRANT_KEY', meaning: 'Key of that Qdrant server', ...secret },
  openAiKey: { variable: 'OPENAI_API_KEY', meaning: 'Key of OpenAI', ...secret },
  googleKey: { variable: 'GOOGLE_GENERATIVE_AI_API_KEY', meaning: 'Key of Google Gemini', ...secret },
  anthropicKey: { variable: 'ANTHROPIC_API_KEY', meaning: 'Key of Anthropic', ...secret },
  modelServerKey: {
    variable: 'SHEAF_MODEL_SERVER_KEY',
    meaning: 'Key of an OpenAI-compatible server',
    ...secret,
  },
  prices: {
    variable: 'SHEAF_PRICES',
    meaning:
      'US dollars for a million tokens by PROVIDER/MODEL, as JSON: {"openai/x":{"input":1,"output":4}}',
    schema: z.union([
      z.record(z.string(), priceSchema),
      z
        .string()
        .transform((text, context) => {
          try {
            return JSON.parse(text) as unknown
          } catch {
            context.addIssue({ code: 'custom', message: 'must be JSON' })
            return z.NEVER
          }
        })
        .pipe(z.record(z.string(), priceSchema)),
    ]),
  },
  dayCost: {
    variable: 'SHEAF_DAY_COST',
    meaning: 'US dollars that all reviews together may spend on models in a day (UTC)',
    schema: z.coerce.number().nonnegative(),
  },
  requireLogin: {
    variable: 'SHEAF_REQUIRE_LOGIN',
    meaning:
      '“true”: "sheaf serve" asks for a login on loopback too; on any other address, and with OpenID Connect, it always does',
    schema: yesOrNo,
  },
  publicUrl: {
    variable: 'SHEAF_PUBLIC_URL',
    meaning:
      'Address by which people reach "sheaf serve", as https://sheaf.example.org; requests for other hosts are refused',
    schema: secureUrl.transform((url) => new URL(url).origin),
  },
  oidcIssuer: {
    variable: 'SHEAF_OIDC_ISSUER',
    meaning:
      'OpenID Connect provider that people log in with; its redirect address is SHEAF_PUBLIC_URL/auth/callback',
    schema: secureUrl.transform((url) => new URL(url).href),
  },
  oidcClientId: {
    variable: 'SHEAF_OIDC_CLIENT_ID',
    meaning: 'Name by which that provider knows Sheaf',
    schema: z.string().min(1),
  },
  oidcClientSecret: {
    variable: 'SHEAF_OIDC_CLIENT_SECRET',
    meaning: 'Secret that the provider gave Sheaf',
    ...secret,
  },
  oidcAllowedDomains: {
    variable: 'SHEAF_OIDC_ALLOWED_DOMAINS',
    meaning: 'Domains of verified email addresses that may log in; default: whoever the provider lets in',
    schema: list(z.string().min(1).toLowerCase()),
  },
  admins: {
    variable: 'SHEAF_ADMINS',
    meaning: 'Administrators among those who log in: verified email addresses, or subjects at the provider',
    schema: list(z.string().min(1)),
  },
  trustProxy: {
    variable: 'SHEAF_TRUST_PROXY',
    meaning:
      'Addresses or networks of proxies whose X-Forwarded-For is believed, as 127.0.0.1,10.0.0.0/8; default: none',
    schema: list(network),
  },
  userRequests: {
    variable: 'SHEAF_USER_REQUESTS',
    meaning: 'Requests a minute that one logged-in user may make; default 1200',
    schema: count.min(1),
  },
  userSessions: {
    variable: 'SHEAF_USER_SESSIONS',
    meaning: 'Reviews of one user that may be at work at once; default: any number',
    schema: count.min(1),
  },
  runningSessions: {
    variable: 'SHEAF_RUNNING_SESSIONS',
    meaning:
      'Reviews at work at once in the whole deployment; more wait. Default 50 with the embedded database, else 500',
    schema: count.min(1),
  },
  waitingSessions: {
    variable: 'SHEAF_WAITING_SESSIONS',
    meaning: 'Reviews that may wait to be taken on; more are refused for the time being. Default 1,000',
    schema: count,
  },
  userDayCost: {
    variable: 'SHEAF_USER_DAY_COST',
    meaning: 'US dollars that the reviews of one user may spend on models in a day (UTC)',
    schema: z.coerce.number().nonnegative(),
  },
  allowedDownloads: {
    variable: 'SHEAF_ALLOWED_DOWNLOADS',
    meaning: 'Full texts that a review may download before it asks you; default 100',
    schema: count,
  },
  allowedDomains: {
    variable: 'SHEAF_ALLOWED_DOMAINS',
    meaning: 'Hosts that full texts may be had from before a review asks you; default: any public host',
    schema: list(z.string().min(1)),
  },
  allowedTokens: {
    variable: 'SHEAF_ALLOWED_TOKENS',
    meaning: 'Tokens of language models that a review may use before it asks you; default 2,000,000',
    schema: count,
  },
  uploadFiles: {
    variable: 'SHEAF_UPLOAD_FILES',
    meaning: 'Papers and bibliographies that one user may put in; default 2,000',
    schema: count,
  },
  uploadBytes: {
    variable: 'SHEAF_UPLOAD_BYTES',
    meaning: 'Bytes of all that one user may put in; default 10,737,418,240 (10 GiB)',
    schema: count,
  },
  endpoints: {
    variable: 'SHEAF_ENDPOINTS',
    meaning: 'Addresses to use instead of a service’s own, as arxiv=http://localhost:4000/arxiv',
    schema: addresses,
  },
  allowedHosts: {
    variable: 'SHEAF_ALLOWED_HOSTS',
    meaning:
      'Hosts with port inside your network that full texts may be had from; all others there are refused',
    schema: list(z.string().min(1)),
  },
  metrics: {
    variable: 'SHEAF_METRICS',
    meaning: 'Where /metrics, /livez and /readyz are had without login, as 127.0.0.1:9464; default: nowhere',
    schema: listenAddress,
  },
  log: {
    variable: 'SHEAF_LOG',
    meaning: 'Log on standard error as lines of JSON: error, warn, info or debug; default: none',
    schema: z.enum(logLevels),
  },
  tracesEndpoint: {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    meaning: 'OpenTelemetry collector that traces are sent to, as http://127.0.0.1:4318; default: none',
    schema: z.url({ protocol: /^https?$/ }),
  },
  tracesHeaders: {
    variable: 'OTEL_EXPORTER_OTLP_HEADERS',
    meaning: 'Headers that the collector asks for, as authorization=Bearer%20…,x-team=sheaf',
    ...secret,
  },
} as const satisfies Record<string, { variable: string; meaning: string; schema: z.ZodType; secret?: true }>

export type SettingName = keyof typeof settings

/** The values that settings may have, each absent when it is not set. */
export type SettingValues = {
  -readonly [Name in SettingName]?: z.output<(typeof settings)[Name]['schema']>
}
