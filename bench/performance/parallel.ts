import { createCorpus } from '../../lab/corpus/corpus.ts'
import { renderPaper } from '../../lab/pdf/render-paper.ts'
import type { Analyst } from '../../src/analysts/analyst.ts'
import { createModelAnalyst } from '../../src/analysts/model/analyst.ts'
import type { Page } from '../../src/contract/document.ts'
import { createReader } from '../../src/documents/reader.ts'
import type { ModelGateway } from '../../src/models/gateway.ts'
import type { Figure } from './figure.ts'
import { papersFrom, question } from './papers.ts'
import { openStage, realisticModel, secondsOf, together } from './stage.ts'

const screened = 100
const extracted = 40
/** As the workers of the analysis queue have them (`src/compose.ts`). */
const tasksAtOnce = 32

/**
 * Screening of 100 papers and extraction from 40 that were rendered and read, once as a session does them and once with
 * each call after the one before. Each way has a database and servers of its own, so that no answer is kept for the other.
 */
export async function parallel(): Promise<Figure[]> {
  const papers = papersFrom(0, screened)
  const pages = await pagesOf(extracted)

  async function run(order: (gateway: ModelGateway) => ModelGateway) {
    const stage = (await openStage('pglite', { latency: realisticModel }))!
    const analyst: Analyst = createModelAnalyst({ gateway: order(stage.gateway()), session: 's1' })
    const plan = await analyst.plan({ question, sources: ['arxiv'] })
    const screening = await secondsOf(() =>
      analyst.screen({ plan, candidates: papers.map((paper) => ({ paper })) }),
    )
    const extraction = await secondsOf(() =>
      together(pages.entries(), tasksAtOnce, ([place, read]) =>
        analyst.extract({ plan, paper: papers[place]!, pages: read }),
      ),
    )
    const { byTask } = stage.models.calls()
    const violations = stage.models.violations().length
    await stage.close()
    return { screening, extraction, calls: Object.values(byTask).reduce((sum, n) => sum + n) - 1, violations }
  }

  const fast = await run((gateway) => gateway)
  const slow = await run(oneAfterAnother)
  const ratio = (slow.screening + slow.extraction) / (fast.screening + fast.extraction)
  return [
    { name: 'calls', value: fast.calls, unit: 'calls' },
    { name: 'screening, as a session does it', value: fast.screening, unit: 's' },
    { name: 'screening, one call after another', value: slow.screening, unit: 's' },
    { name: 'extraction, as a session does it', value: fast.extraction, unit: 's' },
    { name: 'extraction, one call after another', value: slow.extraction, unit: 's' },
    { name: 'times as fast, both together', value: ratio, unit: '', atLeast: 10 },
    { name: 'violations', value: fast.violations + slow.violations, unit: '', atMost: 0 },
  ]
}

async function pagesOf(count: number): Promise<Page[][]> {
  const corpus = createCorpus({ seed: 1, papers: count })
  await using reader = createReader()
  const read: Page[][] = []
  for (let index = 0; index < count; index += 1) {
    const { bytes } = await renderPaper(corpus, index)
    const outcome = await reader.read(new Uint8Array(bytes))
    if (!outcome.ok) throw new Error(`A rendered paper cannot be read: ${outcome.failure.message}`)
    read.push(outcome.document.pages)
  }
  return read
}

function oneAfterAnother(gateway: ModelGateway): ModelGateway {
  let last: Promise<unknown> = Promise.resolve()
  return {
    ask(asked) {
      const mine = last.then(() => gateway.ask(asked))
      last = mine.catch(() => undefined)
      return mine
    },
  }
}
