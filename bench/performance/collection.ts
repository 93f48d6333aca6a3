import { planReview } from '../../src/analysts/extractive/plan.ts'
import { liveSources } from '../../src/sources/catalogue.ts'
import type { Source } from '../../src/sources/source.ts'
import type { Figure } from './figure.ts'
import { question } from './papers.ts'
import { openSourcesStage } from './sources-stage.ts'
import { secondsOf } from './stage.ts'

const papers = 100
/** One request for each paper: arXiv's spacing and half a second for the answer. */
const secondsOfOneRequest = 3.5

/** 100 records of arXiv and 100 of OpenAlex, asked at the same time through one upstream with an empty cache. */
export async function collection(): Promise<Figure[]> {
  await using stage = await openSourcesStage({ papers: 20_000 })
  const { lab, upstream } = stage
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
  return [
    ...figures,
    { name: 'both at once', value: seconds, unit: 's', atMost: 10 },
    { name: 'violations', value: lab.violations().length, unit: '', atMost: 0 },
    { name: 'one request for each paper of arXiv', value: byHand, unit: 's', computed: true },
    { name: 'times as fast as that', value: byHand / seconds, unit: '', computed: true },
  ]
}
