import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type Phase, sessionEventSchema } from '../src/contract/events.ts'

/** One review from question to report, as a process of its own. Times in seconds, memory in MiB. */
export interface ReviewFigures {
  papers: number
  pages: number
  quotations: number
  total: number
  /** From a phase's first event to its last; phases that stream overlap. */
  phases: Partial<Record<Phase, number>>
  /** Highest resident memory of the process (VmHWM); null where the system does not tell. */
  peakMemory: number | null
  verify: { seconds: number; quotationsPerMinute: number }
}

const main = resolve(import.meta.dirname, '../src/cli/main.ts')
const verificationSchema = z.object({ held: z.object({ quotations: z.number() }) })

/** Reviews a folder in a fresh data folder, then verifies the report. */
export async function benchReview(folder: string, question: string): Promise<ReviewFigures> {
  const place = mkdtempSync(join(tmpdir(), 'sheaf-bench-'))
  const report = join(place, 'report')
  const env = { ...process.env, SHEAF_HOME: join(place, 'home') }
  try {
    const startedAt = performance.now()
    const words = ['research', question, '--library', folder, '--out', report, '--json']
    const child = spawn(process.execPath, [main, ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const times = new Map<Phase, { first: number; last: number }>()
    const counts: Record<string, number> = {}
    let peakMemory: number | null = null
    for await (const line of createInterface({ input: child.stdout })) {
      peakMemory = peakMemoryOf(child.pid) ?? peakMemory
      const event = sessionEventSchema.safeParse(JSON.parse(line))
      if (!event.success || !('phase' in event.data.body)) continue
      const at = Date.parse(event.data.at)
      const { phase } = event.data.body
      times.set(phase, { first: times.get(phase)?.first ?? at, last: at })
      if (event.data.body.type === 'phase.finished') Object.assign(counts, event.data.body.counts)
    }
    const total = (performance.now() - startedAt) / 1000
    const verifiedAt = performance.now()
    const held = await verify(report, env)
    const seconds = (performance.now() - verifiedAt) / 1000
    return {
      papers: counts.papers ?? 0,
      pages: counts.pages ?? 0,
      quotations: counts.quotations ?? 0,
      total,
      phases: Object.fromEntries(
        [...times].map(([phase, { first, last }]) => [phase, (last - first) / 1000]),
      ),
      peakMemory,
      verify: { seconds, quotationsPerMinute: (held / seconds) * 60 },
    }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

async function verify(report: string, env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [main, 'verify', report, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout) text += chunk
  return verificationSchema.parse(JSON.parse(text)).held.quotations
}

/** Linux keeps it in /proc; elsewhere it is not known. */
function peakMemoryOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) / 1024
  } catch {
    return null
  }
}
