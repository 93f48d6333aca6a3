import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import process from 'node:process'
import { z } from 'zod'

/** Simulated services and models in a process of their own, so that they do not take the time of what is measured. */
export interface LabProcess extends AsyncDisposable {
  /** What a process of Sheaf needs to use nothing else. */
  readonly environment: Record<string, string>
  /** What clients did that they must not, as sentences. */
  offences(): Promise<string[]>
  /** Calls whose words had been answered in full before: what was asked, and so many milliseconds later. */
  paidTwice(): Promise<{ task: string; after: number }[]>
}

const startedSchema = z.looseObject({ origin: z.url(), models: z.url() })
const violationSchema = z.looseObject({ service: z.string(), kind: z.string(), detail: z.string() })
/** The services count them as well; the models list them alone. */
const violationsSchema = z.union([
  z.array(violationSchema),
  z.looseObject({ violations: z.array(violationSchema) }).transform(({ violations }) => violations),
])

const callsSchema = z.looseObject({ paidAgain: z.array(z.object({ task: z.string(), after: z.number() })) })

/** Starts them with the latencies of real services, a medium-sized world, and so many hosts of full texts. */
export async function startLabProcess({
  hosts = 40,
  papers = 40_000,
  latency = 'realistic',
} = {}): Promise<LabProcess> {
  const words = [
    '--json',
    '--latency',
    latency,
    '--papers',
    `${papers}`,
    '--hosts',
    `${hosts}`,
    '--tokens',
    '1000000000',
  ]
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../lab/serve.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { origin, models, ...settings } = startedSchema.parse(JSON.parse(line.toString()))
  const get = async (address: string) => (await fetch(address)).json()
  return {
    environment: {
      ...(settings as Record<string, string>),
      SHEAF_MODELS: 'openai/gpt-5.4-mini',
      OPENALEX_API_KEY: 'lab-key',
    },
    async offences() {
      const both = [await get(`${origin}/lab/violations`), await get(`${models}/lab/violations`)]
      return both.flatMap((answer) =>
        violationsSchema.parse(answer).map(({ service, kind, detail }) => `${service}: ${kind}: ${detail}`),
      )
    },
    async paidTwice() {
      return callsSchema.parse(await get(`${models}/lab/calls`)).paidAgain
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
