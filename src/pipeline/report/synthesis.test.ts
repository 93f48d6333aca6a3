import { expect, test } from 'vitest'
import type { EvidenceField, EvidenceSpan } from '../../contract/evidence.ts'
import type { Audit, Claim, Theme } from '../../contract/synthesis.ts'
import { numberCitations } from './citations.ts'
import { publishedClaims, writeRelations, writeSummary, writeSynthesis } from './synthesis.ts'

const theme = (id: string): Theme => ({
  id,
  label: id,
  description: `About ${id}.`,
  keywords: [],
  paperIds: ['p1'],
})
const span = (id: string, field: EvidenceField): EvidenceSpan => ({
  id,
  paperId: 'p1',
  field,
  quotation: `What ${id} says of it.`,
  locator: { document: 'a'.repeat(64), ranges: [{ page: 1, start: 0, end: 9 }] },
  confidence: 1,
})
const claim = (id: string, themeId: string, spanId: string, salience = 0.5): Claim => ({
  id,
  themeId,
  text: `Claim ${id}.`,
  spans: [spanId],
  salience,
  uncertainty: 'low',
})
const audit = (claimId: string, verdict: Audit['verdict'], publishedText?: string): Audit => ({
  claimId,
  verdict,
  severity: 'none',
  reason: 'compared',
  ...(publishedText === undefined ? {} : { publishedText }),
})
const materialOf = (themes: Theme[], claims: Claim[], spans: EvidenceSpan[]) => {
  const byId = new Map(spans.map((one) => [one.id, one]))
  const audits = claims.map(({ id, text }) => audit(id, 'supported', text))
  return {
    themes,
    published: publishedClaims(claims, audits),
    spans: byId,
    papers: new Map(),
    numbers: numberCitations(byId),
  }
}

test('only what the audit supported or repaired is published, in the words that passed', () => {
  const claims = ['a', 'b', 'c', 'd', 'e'].map((id) => claim(id, 't1', 's1'))
  const published = publishedClaims(claims, [
    audit('a', 'supported', 'Claim a.'),
    audit('b', 'repaired', 'Claim b, mended.'),
    audit('c', 'removed'),
    audit('d', 'error', 'Claim d.'),
  ])
  expect(published.map(({ text }) => text)).toEqual(['Claim a.', 'Claim b, mended.'])
})

test('a section opens with its theme, then tells what was done, found, and what limits it', () => {
  const spans = [span('s1', 'limitation'), span('s2', 'result'), span('s3', 'method')]
  const claims = [claim('a', 't1', 's1'), claim('b', 't1', 's2'), claim('c', 't1', 's3')]
  const [section] = writeSynthesis(materialOf([theme('t1')], claims, spans))
  expect(section!.paragraphs.map((paragraph) => paragraph.map(({ text }) => text))).toEqual([
    ['About t1.', 'Claim c.'],
    ['Claim b.'],
    ['Claim a.'],
  ])
})

test('every finding is cited; a theme of which nothing passed says so', () => {
  const material = materialOf([theme('t1'), theme('t2')], [claim('a', 't1', 's1')], [span('s1', 'result')])
  const sentences = writeSynthesis(material).flatMap(({ paragraphs }) => paragraphs.flat())
  for (const { kind, citations } of sentences) expect(citations.length > 0).toBe(kind === 'finding')
  expect(sentences.at(-1)!.text).toContain('passed the audit')
})

test('the summary draws on every theme before it draws on one twice', () => {
  const spans = ['s1', 's2', 's3', 's4'].map((id) => span(id, 'result'))
  const claims = [
    claim('a', 't1', 's1', 0.9),
    claim('b', 't1', 's2', 0.8),
    claim('c', 't2', 's3', 0.1),
    claim('d', 't1', 's4', 0.7),
  ]
  const summary = writeSummary(materialOf([theme('t1'), theme('t2')], claims, spans))
  expect(summary.map(({ claim: id }) => id)).toEqual(['a', 'b', 'd', 'c'])
})

test('the summary tells methods beside results, and hears each paper of a theme before one twice', () => {
  const spans = [span('s1', 'result'), span('s2', 'result'), { ...span('s3', 'method'), paperId: 'p2' }]
  const claims = [claim('a', 't1', 's1', 0.5), claim('b', 't1', 's2', 0.9), claim('c', 't1', 's3', 0.6)]
  const summary = writeSummary(materialOf([theme('t1')], claims, spans))
  expect(summary.map(({ claim: id }) => id)).toEqual(['b', 'c', 'a'])
})

test('a relation is written only when all its claims are', () => {
  const material = materialOf(
    [theme('t1')],
    [claim('a', 't1', 's1'), claim('b', 't1', 's2')],
    [span('s1', 'result'), span('s2', 'result')],
  )
  const relation = (id: string, claims: string[]) => ({
    id,
    kind: 'agreement' as const,
    themeId: 't1',
    claims,
    statement: `Relation ${id}.`,
  })
  const sentences = writeRelations(
    [relation('r1', ['a', 'b']), relation('r2', ['a', 'gone'])],
    material.published,
    material.numbers,
  )
  expect(sentences).toEqual([{ kind: 'finding', text: 'Relation r1.', citations: [1, 2] }])
})
