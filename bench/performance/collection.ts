import { startLab } from '../../lab/lab.ts'
import { planReview } from '../../src/analysts/extractive/plan.ts'
import { createCache } from '../../src/cache/create-cache.ts'
import { createLimits } from '../../src/limits/database-limits.ts'
import { liveSources } from '../../src/sources/catalogue.ts'
import type { Source } from '../../src/sources/source.ts'
import { openDatabase } from '../../src/store/database.ts'
import { createUpstream } from '../../src/upstream/create-upstream.ts'
import { createPglite } from '../../test/support/databases.ts'
import type { Figure } from './figure.ts'
import { question } from './papers.ts'
import { secondsOf } from './stage.ts'

const papers = 100
/** One request for each paper: arXiv's spacing and half a second for the answer. */
const secondsOfOneRequest = 3.5

/** 100 records of arXiv and 100 of OpenAlex, asked at the same time through one upstream with an empty cache. */
export async function collection(): Promise<Figure[]> {
  const lab = await startLab({ seed: 1, papers: 20_000, latency: 'realistic' })
  const data = await createPglite()
  const { sql, close } = await openDatabase(data.config)
  const cache = createCache({ sql })
  const allowedHosts = [...lab.allowedHosts]
  const upstream = createUpstream({ limits: createLimits(sql), cache, contact: undefined, allowedHosts })
  const names = ['arxiv', 'openalex']
  const plan = planReview({ question, sources: names })
  const figures: Figure[] = []

  async function collectFrom(name: string): Promise<void> {
    const live = liveSources.find((one) => one.name === name)!
    const source = live.make({ upstream, endpoint: lab.endpoints[name], limit: papers }) as Source
    let records = 0
    const seconds = await secondsOf(async () => {
      for (const item of await source.list(plan)) records += (await source.fetch(item)).length
    })
    figures.push(
      { name: `${name}: records`, value: records, unit: 'records', atLeast: papers },
      { name: `${name}: time`, value: seconds, unit: 's' },
      { name: `${name}: requests`, value: lab.requests()[name]?.count ?? 0, unit: 'requests' },
    )
  }

  const seconds = await secondsOf(() => Promise.all(names.map(collectFrom)))
  const byHand = papers * secondsOfOneRequest
  const violations = lab.violations().length
  await upstream.close()
  await cache.close()
  await close()
  await data.remove()
  await lab.close()
  return [
    ...figures,
    { name: 'both at once', value: seconds, unit: 's', atMost: 10 },
    { name: 'violations', value: violations, unit: '', atMost: 0 },
    { name: 'one request for each paper of arXiv', value: byHand, unit: 's', computed: true },
    { name: 'times as fast as that', value: byHand / seconds, unit: '', computed: true },
  ]
}
