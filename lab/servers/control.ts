import { Hono } from 'hono'
import { obtainable } from '../corpus/locations.ts'
import { questions } from '../corpus/questions.ts'
import { relevantPapers } from '../corpus/truth.ts'
import { faultRatesSchema } from '../faults.ts'
import { renderPaper } from '../pdf/render-paper.ts'
import { json } from './answers.ts'
import type { Lab, LabEnvironment } from './simulate.ts'

/** Reads and changes a lab while it runs, and tells the truth about its papers. */
export function controlServer({ corpus, ledger, faults }: Lab): Hono<LabEnvironment> {
  const app = new Hono<LabEnvironment>()
  app.get('/violations', () => json({ counts: ledger.violationCounts(), violations: ledger.violations() }))
  app.get('/requests', () => json(ledger.requests()))
  app.get('/questions', () => json(questions))
  app.get('/relevant/:topic', (context) => json([...relevantPapers(corpus, context.req.param('topic'))]))
  app.get('/papers/:index', async (context) => {
    const index = Number(context.req.param('index'))
    if (!Number.isInteger(index) || index < 0 || index >= corpus.size) return context.notFound()
    const { statements, pages } = await renderPaper(corpus, index)
    const { matter: _, facets: __, topic, ...paper } = corpus.paper(index)
    return json({
      ...paper,
      topic: topic.id,
      isObtainable: obtainable.has(paper.location),
      pages,
      statements,
    })
  })
  app.post('/faults', async (context) => {
    const rates = faultRatesSchema.safeParse(await context.req.json().catch(() => undefined))
    if (!rates.success)
      return json({ error: 'Give a share from 0 to 1, or an object of shares by service.' }, 400)
    faults.set(rates.data)
    return json({ faults: rates.data })
  })
  app.post('/reset', () => {
    ledger.reset()
    return json({})
  })
  return app
}
