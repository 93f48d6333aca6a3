import { parseArgs } from 'node:util'
import { z } from 'zod'
import { startLab } from './lab.ts'

const usage = `Usage: node lab/serve.ts [--seed 1] [--papers 10000] [--latency realistic|none] [--faults 0.1] [--port 0] [--hosts 8] [--json]
Starts simulated scholarly services and hosts of full texts on 127.0.0.1 and prints the settings that Sheaf needs for them.`

const optionsSchema = z.object({
  seed: z.coerce.number().int().default(1),
  papers: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  latency: z.enum(['realistic', 'none']).default('realistic'),
  faults: z.coerce.number().min(0).max(1).default(0),
  port: z.coerce.number().int().min(0).max(65_000).default(0),
  hosts: z.coerce.number().int().min(1).max(100).default(8),
})

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    papers: { type: 'string' },
    latency: { type: 'string' },
    faults: { type: 'string' },
    port: { type: 'string' },
    hosts: { type: 'string' },
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

const { hosts, ...given } = options.data
const lab = await startLab({ ...given, politeHosts: hosts })
const settings = {
  SHEAF_ENDPOINTS: Object.entries(lab.endpoints)
    .map(([name, address]) => `${name}=${address}`)
    .join(','),
  SHEAF_ALLOWED_HOSTS: lab.allowedHosts.join(','),
}
const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
const shown = values.json
  ? JSON.stringify({ ...settings, origin: lab.origin })
  : [...lines, `# Control: ${lab.origin}/lab/violations, /lab/requests, /lab/faults, /lab/reset`].join('\n')
process.stdout.write(`${shown}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void lab.close())
