import { generateText, Output } from 'ai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createModelAnalyst } from '../../../src/analysts/model/analyst.ts'
import type { Unusable } from '../../../src/analysts/model/asking.ts'
import type { EvidenceSpan } from '../../../src/contract/evidence.ts'
import type { Paper } from '../../../src/contract/paper.ts'
import type { Theme } from '../../../src/contract/synthesis.ts'
import { admitQuotations } from '../../../src/evidence/admit.ts'
import type { ModelGateway } from '../../../src/models/gateway.ts'
import { modelClients } from '../../../test/support/model-clients.ts'
import { type ModelLab, startModelLab } from '../model-lab.ts'

let lab: ModelLab
let unusable: Unusable[] = []
beforeAll(async () => {
  lab = await startModelLab()
})
afterAll(() => lab.close())

/** The smallest thing that asks: one client, no limits, nothing kept. */
function asking(name: keyof ReturnType<typeof modelClients>): ModelGateway {
  const model = modelClients(lab)[name]
  return {
    async ask({ prompt, input, answer, maxOutputTokens }) {
      const output = Output.object({ schema: answer })
      const instructions = prompt.instructions
      const asked = { model, instructions, prompt: input, output, maxOutputTokens, maxRetries: 0 }
      return { value: (await generateText(asked)).output, model: name, kept: false }
    },
  }
}

const question = 'Does calibration reduce the drift of glow lanterns?'
const results = [
  'reduced the drift of glow lanterns by 3.8 cm',
  'increased the drift of glow lanterns by 2.1 cm',
  'did not change the drift of glow lanterns',
]
const papers = ['On topic', 'On topic, too', 'On topic, three', 'Soup'].map((title, index): Paper => {
  const abstract =
    index === 3
      ? 'We cook soup.'
      : `We study calibration and the drift of glow lanterns. It ${results[index]}.`
  const fields = {
    title,
    authors: [{ family: ['Marsh', 'Oduya', 'Renn', 'Sop'][index]! }],
    year: 2019,
    abstract,
  }
  return {
    id: `p${index}23456789ab`,
    fields,
    provenance: {},
    records: [title],
    mergedBecause: [],
    document: 'a'.repeat(64),
  }
})
const pageOf = (index: number) => ({
  number: 1,
  width: 1,
  height: 1,
  lines: [],
  boxes: new Uint8Array(),
  text: `Whether calibration helps glow lanterns remains an open question in\nevery harbour. We use a two-point calibration of forty glow lanterns in this study. Compared with rest, calibration ${results[index]}. A limitation is that fog may not be seen by any of our keepers.`,
})

/** A whole review's judgements, with everything wrong that the laboratory makes wrong. */
async function review(name: Parameters<typeof asking>[0]) {
  unusable = []
  const onUnusable = (each: Unusable) => void unusable.push(each)
  const analyst = createModelAnalyst({ gateway: asking(name), session: 's', onUnusable })
  const plan = await analyst.plan({ question, sources: [] })
  const decisions = await analyst.screen({ plan, candidates: papers.map((paper) => ({ paper })) })
  const core = papers.filter(({ id }) =>
    decisions.some(({ paperId, tier }) => paperId === id && tier === 'core'),
  )
  const admissions = await Promise.all(
    core.map(async (paper) => {
      const pages = [pageOf(papers.indexOf(paper))]
      const proposals = await analyst.extract({ plan, paper, pages })
      return admitQuotations(proposals, { paperId: paper.id, document: paper.document!, pages })
    }),
  )
  const spans = new Map(
    admissions.flatMap(({ spans: all }) => all).map((span): [string, EvidenceSpan] => [span.id, span]),
  )
  const evidence = { spans, papers: new Map(papers.map((paper) => [paper.id, paper])) }
  const none = { problem: [], method: [], dataset: [], metric: [], result: [], limitation: [] }
  const cards = core.map(({ id: paperId }) => {
    const own = [...spans.values()].filter((span) => span.paperId === paperId)
    const entries = (field: string) =>
      own
        .filter((span) => span.field === field)
        .map(({ id, quotation }) => ({ text: quotation, spans: [id] }))
    return {
      ...none,
      paperId,
      result: entries('result'),
      method: entries('method'),
      limitation: entries('limitation'),
    }
  })
  const unnamed = { paperIds: core.map(({ id }) => id), keywords: ['drift', 'lantern'] }
  const names = await analyst.label({ plan, themes: [unnamed], papers: evidence.papers })
  const theme: Theme = { id: 't1', ...names[0]!, ...unnamed }
  const drafts = await analyst.claims({ plan, theme, cards, evidence })
  const claims = drafts.map((draft, place) => ({ id: `c${place}`, themeId: 't1', ...draft }))
  const relations = await analyst.relate({ plan, theme, claims, evidence })
  const audits = await analyst.audit({ plan, claims, evidence })
  const answer = await analyst.answer({ question, evidence })
  return { plan, decisions, admissions, theme, claims, relations, audits, answer }
}

describe('a review by simulated models', () => {
  test.each(['OpenAI Responses', 'Gemini', 'Anthropic tool'] as const)(
    'is sensible in every task: %s',
    async (name) => {
      lab.setFaults({ wrong: 0 })
      const { plan, decisions, admissions, theme, claims, relations, audits, answer } = await review(name)
      expect(plan.concepts.length).toBeGreaterThan(0)
      expect(decisions.map(({ tier }) => tier)).toEqual(['core', 'core', 'core', 'exclude'])
      expect(admissions.flatMap(({ rejected }) => rejected)).toEqual([])
      expect(admissions.map(({ spans }) => spans.map(({ field }) => field))).toEqual(
        Array(3).fill(['problem', 'method', 'result', 'limitation']),
      )
      expect(theme.label).toBe('drift, lantern')
      expect(claims.length).toBeGreaterThanOrEqual(8)
      expect(relations.map(({ kind }) => kind)).toContain('contradiction')
      expect(new Set(audits.map(({ verdict }) => verdict))).toEqual(new Set(['supported']))
      expect(answer?.sentences.length).toBeGreaterThan(0)
      expect(unusable).toEqual([])
      expect(lab.violations()).toEqual([])
    },
  )

  test('makes mistakes that are found, asked about again and counted', async () => {
    lab.setFaults({ wrong: 0.5 })
    const before = lab.calls().byTask['compatible requote'] ?? 0
    const { decisions, claims, audits } = await review('compatible')
    expect(decisions).toHaveLength(4)
    expect(audits).toHaveLength(claims.length)
    expect(lab.calls().byTask['compatible requote'] ?? 0).toBeGreaterThan(before)
    expect(unusable.map(({ task }) => task)).toContain('extract')
  })

  test('gives the same again', async () => {
    const [one, other] = await Promise.all([startModelLab({ seed: 7 }), startModelLab({ seed: 7 })])
    const kept = lab
    const reviews = []
    for (const each of [one, other]) {
      lab = each
      reviews.push(await review('Gemini'))
    }
    lab = kept
    expect(reviews[0]).toEqual(reviews[1])
    await Promise.all([one.close(), other.close()])
  })
})
