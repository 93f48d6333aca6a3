/** A process for `api-latency.ts`: what `sheaf serve` is, and tells for how long its thread was kept busy, and by what. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import type { Analyst } from '../../src/analysts/analyst.ts'
import { serve } from '../../src/api/serve.ts'
import { openApp } from '../../src/compose.ts'
import { loadConfig } from '../../src/config.ts'

/** What kept the thread busy since it was last asked; milliseconds. */
export interface Busy {
  readonly longestDelay: number
  /** The longest judgement without a model in one go, and which it was. */
  readonly longestJudgement: number
  readonly judgement: string
}

const app = await openApp(loadConfig(process.env, process.cwd()), { abandoned: 'go on' })
const server = await serve(
  {
    deployment: app.deployment,
    access: app.access,
    isStopping: () => false,
    report: console.error,
  },
  { host: '127.0.0.1', port: 0 },
)
let longestJudgement = 0
let judgement = 'none'
const { analyst } = app.deployment
Object.assign(app.deployment, {
  analyst: (...asked: Parameters<typeof analyst>) => timed(analyst(...asked)),
})
const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
await app.startWorkers()
process.send!(server.url)
process.on('message', () => {
  process.send!({ longestDelay: delay.max / 1e6, longestJudgement, judgement } satisfies Busy)
  delay.reset()
  longestJudgement = 0
  judgement = 'none'
})

/** The same analyst; what it does before it gives its promise back is what it keeps the thread for. */
function timed(one: Analyst): Analyst {
  return new Proxy(one, {
    get(target, name) {
      const value = target[name as keyof Analyst]
      if (typeof value !== 'function') return value
      return (...asked: unknown[]) => {
        const begun = performance.now()
        const promise = (value as (...asked: unknown[]) => unknown).apply(target, asked)
        const took = performance.now() - begun
        if (took > longestJudgement) {
          longestJudgement = took
          judgement = String(name)
        }
        return promise
      }
    },
  })
}
