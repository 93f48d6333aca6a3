import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startLab } from './lab.ts'
import { noFaults } from './models/faults.ts'
import { noLatency } from './models/latency.ts'
import { startModelLab } from './models/model-lab.ts'

const usage = `Usage: node lab/serve.ts [--seed 1] [--papers 10000] [--latency realistic|none] [--faults 0.1] [--port 0] [--hosts 8] [--tokens 2000000] [--json]
Starts simulated scholarly services, hosts of full texts and providers of language models (--tokens a minute each) on 127.0.0.1 and
prints the settings that Sheaf needs for them. Leave out SHEAF_MODELS to review without a model.`

const optionsSchema = z.object({
  seed: z.coerce.number().int().default(1),
  papers: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  latency: z.enum(['realistic', 'none']).default('realistic'),
  faults: z.coerce.number().min(0).max(1).default(0),
  port: z.coerce.number().int().min(0).max(65_000).default(0),
  hosts: z.coerce.number().int().min(1).max(100).default(8),
  tokens: z.coerce.number().int().min(1).default(2_000_000),
})

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    papers: { type: 'string' },
    latency: { type: 'string' },
    faults: { type: 'string' },
    port: { type: 'string' },
    hosts: { type: 'string' },
    tokens: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const options = optionsSchema.safeParse(values)
if (values.help || !options.success) {
  process.stdout.write(`${usage}\n`)
  if (!options.success) process.stderr.write(`${z.prettifyError(options.error)}\n`)
  process.exit(options.success ? 0 : 2)
}

const { hosts, tokens, ...given } = options.data
const { seed, latency, faults, port } = given
const lab = await startLab({ ...given, politeHosts: hosts })
const models = await startModelLab({
  seed,
  tokensPerMinute: tokens,
  latency: latency === 'none' ? noLatency : { firstToken: 600, perToken: 8, spread: 0.4 },
  faults: { ...noFaults, serverError: faults * 0.4, overloaded: faults * 0.3, malformed: faults * 0.3 },
  // After the services, and as many hosts as there are.
  port: port === 0 ? 0 : port + lab.allowedHosts.length,
})
const settings = {
  SHEAF_ENDPOINTS: Object.entries({ ...lab.endpoints, ...models.baseUrls })
    .map(([name, address]) => `${name}=${address}`)
    .join(','),
  SHEAF_ALLOWED_HOSTS: lab.allowedHosts.join(','),
  SHEAF_MODELS: 'openai/gpt-5.4-mini,anthropic/claude-haiku-4-5,google/gemini-2.5-flash',
  OPENAI_API_KEY: 'lab',
  ANTHROPIC_API_KEY: 'lab',
  GOOGLE_GENERATIVE_AI_API_KEY: 'lab',
}
const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
const shown = values.json
  ? JSON.stringify({ ...settings, origin: lab.origin, models: models.origin })
  : [
      ...lines,
      `# Control of services: ${lab.origin}/lab/violations, /lab/requests, /lab/faults, /lab/reset`,
      `# Control of models: ${models.origin}/lab/violations, /lab/calls, /lab/faults`,
    ].join('\n')
process.stdout.write(`${shown}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void Promise.all([lab.close(), models.close()]))
