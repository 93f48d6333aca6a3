import { expect, test } from 'vitest'
import type { Prisma } from '../../contract/report.ts'
import type { ScreeningDecision } from '../../contract/screening.ts'
import type { ReviewMaterial } from './assemble.ts'
import { limitationsOfReview } from './limitations.ts'

const prisma = { background: [], notRead: [], unreadable: [], notRetrieved: [] } as unknown as Prisma

function limitations(analyst: string, ...decidedBy: ScreeningDecision['decidedBy'][]): string {
  const material = {
    plan: { sources: [{ source: 'arxiv' }] },
    analyst,
    decisions: decidedBy.map((by) => ({
      tier: 'background',
      decidedBy: by,
      reason: by === 'rule' ? 'beyond_limit' : 'out_of_scope',
    })),
    audits: [],
    rejectedQuotations: [],
    failures: [],
    fallbacks: 0,
  } as unknown as ReviewMaterial
  return limitationsOfReview(material, prisma).join('\n')
}

test('background papers are told by who decided on them', () => {
  const words = 'because of how few words'
  const judgement = 'by the language model’s judgement'
  expect(limitations('extractive', 'extractive', 'extractive')).toContain(
    `2 papers were kept as background ${words}`,
  )
  const both = limitations('openai/m, extractive', 'model', 'model', 'extractive')
  expect(both).toContain(`One paper was kept as background ${words}`)
  expect(both).toContain(`2 papers were kept as background ${judgement}`)
  const beyond = limitations('openai/m', 'model', 'rule')
  expect(beyond).toContain('One paper on the question was not read, because only the best were asked for.')
  expect(beyond).toContain(`One paper was kept as background ${judgement}`)
  expect(limitations('openai/m', 'model')).not.toContain(words)
  expect(limitations('openai/m', 'model', 'person')).not.toMatch(/as background/)
})

test('how data sets are recognised without a model is said only where it was done', () => {
  const words = 'Datasets and metrics are recognised by their names'
  expect(limitations('extractive')).toContain(words)
  expect(limitations('openai/m, extractive')).toContain(words)
  expect(limitations('openai/m')).not.toContain(words)
})
