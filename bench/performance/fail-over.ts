import { setTimeout as sleep } from 'node:timers/promises'
import { planReview } from '../../src/analysts/extractive/plan.ts'
import { createModelAnalyst } from '../../src/analysts/model/analyst.ts'
import type { Figure } from './figure.ts'
import { papersFrom, question } from './papers.ts'
import { openStage, realisticModel, session, together } from './stage.ts'

const papers = 4_000
const atOnce = 32
/** The first provider goes down after so many answers, for so long in milliseconds. */
const wellFor = 100
const downFor = 15_000

/**
 * The first of two providers closes every connection for 15 s while 32 papers at a time are screened, one paper a call.
 */
export async function failOver(): Promise<Figure[]> {
  const stage = (await openStage('pglite', { latency: realisticModel }))!
  const { models } = stage
  const asked = stage.gateway({ spare: true })
  const answers: { at: number; model: string }[] = []
  const failures: unknown[] = []
  const analyst = createModelAnalyst({
    session,
    gateway: {
      async ask(one) {
        const answered = await asked.ask(one)
        answers.push({ at: performance.now(), model: answered.model })
        return answered
      },
    },
  })
  const plan = planReview({ question, sources: ['arxiv'] })
  let [down, up, firstFailed] = [Infinity, Infinity, Infinity]
  let wentDead = 0
  const isBack = () => answers.some(({ at, model }) => at > up && model.startsWith('openai/'))

  function* untilBack() {
    for (const paper of papersFrom(0, papers)) {
      if (isBack()) return
      yield paper
    }
  }
  const switching = (async () => {
    while (answers.length < wellFor) await sleep(5)
    models.setFaults({ down: true }, 'openai')
    down = performance.now()
    while (performance.now() - down < downFor) {
      await sleep(1)
      const dead = models.calls().byOutcome['openai down'] ?? 0
      if (dead > 0 && firstFailed === Infinity) firstFailed = performance.now()
      wentDead = dead
    }
    models.setFaults({ down: false }, 'openai')
    up = performance.now()
  })()
  await together(untilBack(), atOnce, (paper) =>
    analyst.screen({ plan, candidates: [{ paper }] }).catch((thrown) => failures.push(thrown)),
  )
  await switching
  const takenOver = answers.find(({ at, model }) => at > down && model.startsWith('anthropic/'))?.at
  const takenBack = answers.find(({ at, model }) => at > up && model.startsWith('openai/'))?.at
  const violations = models.violations().length
  await stage.close()
  const seconds = (from: number, to = Number.NaN) => (to - from) / 1000
  return [
    { name: 'answers', value: answers.length, unit: 'calls' },
    { name: 'calls that failed to their caller', value: failures.length, unit: 'calls', atMost: 0 },
    { name: 'calls under way at once', value: atOnce, unit: 'calls' },
    { name: 'requests that met the dead provider, trials too', value: wentDead, unit: 'requests' },
    {
      name: 'from the first failure to an answer of the second',
      value: seconds(firstFailed, takenOver),
      unit: 's',
    },
    { name: 'dead for', value: seconds(down, up), unit: 's' },
    { name: 'from its being back to its first answer', value: seconds(up, takenBack), unit: 's' },
    { name: 'violations', value: violations, unit: '', atMost: 0 },
  ]
}
