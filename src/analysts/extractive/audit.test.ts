import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureAudit } from '../../../bench/quality/audit.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import type { EvidenceSpan } from '../../contract/evidence.ts'
import type { Paper } from '../../contract/paper.ts'
import type { Claim } from '../../contract/synthesis.ts'
import { attributed } from './attribution.ts'
import { auditClaims } from './audit.ts'

const quotation =
  'We found that calibration may reduce the drift of glow lanterns by 3.8 cm in most harbours, but not in fog.'
const paper: Paper = {
  id: 'p1',
  fields: {
    title: 'Lanterns',
    authors: [{ family: 'Marsh' }, { family: 'Oduya' }, { family: 'Renn' }],
    year: 2019,
  },
  provenance: {},
  records: ['r1'],
  mergedBecause: [],
}

function spanOf(text: string): EvidenceSpan {
  const locator = { document: '0'.repeat(64), ranges: [{ page: 1, start: 0, end: text.length + 1 }] }
  return { id: 's1', paperId: 'p1', field: 'result', quotation: text, locator, confidence: 0.9 }
}

function audit(text: string, cited = quotation, spans = ['s1']) {
  const claim: Claim = { id: 'c1', themeId: 't1', text, spans, salience: 0.5, uncertainty: 'low' }
  const evidence = { spans: new Map([['s1', spanOf(cited)]]), papers: new Map([['p1', paper]]) }
  return auditClaims([claim], evidence)[0]!
}

describe('auditClaims', () => {
  const faithful = attributed(quotation, 'result', paper)

  it('supports the quotation said of its authors, and parts of it', () => {
    expect(audit(faithful)).toMatchObject({ verdict: 'supported', severity: 'none', publishedText: faithful })
    expect(audit(quotation).verdict).toBe('supported')
    expect(
      audit('Marsh et al. (2019) found that calibration may reduce the drift of glow lanterns.').verdict,
    ).toBe('supported')
  })

  const mutated: [string, string, 'minor' | 'major'][] = [
    ['a changed number', faithful.replace('3.8', '8.3'), 'major'],
    ['a changed unit', faithful.replace('3.8 cm', '3.8 mm'), 'major'],
    ['a dropped negation', faithful.replace('but not in fog', 'but in fog'), 'major'],
    ['an added negation', faithful.replace('may reduce', 'may not reduce'), 'major'],
    ['a dropped reservation', faithful.replace('may reduce', 'reduce'), 'minor'],
    ['“may” made “does”', faithful.replace('may reduce', 'does reduce'), 'minor'],
    ['another subject', faithful.replace('calibration', 'repainting'), 'major'],
    ['another name', faithful.replace('Marsh', 'Quillfeather'), 'major'],
    ['the other direction', faithful.replace('reduce', 'increase'), 'major'],
    ['a wider quantity', faithful.replace('most', 'all'), 'minor'],
    ['a stronger verb', faithful.replace('found', 'proved'), 'major'],
    [
      'exchanged sides',
      faithful.replace('calibration', 'X').replace('lanterns', 'calibration').replace('X', 'lanterns'),
      'major',
    ],
  ]
  it.each(mutated)('does not pass %s', (_, text, severity) => {
    const result = audit(text)
    expect(text).not.toBe(faithful)
    expect(result).toMatchObject({ verdict: 'repaired', severity, publishedText: faithful })
    expect(result.reason).toContain('does not hold')
  })

  it('removes what has little to do with its quotation', () => {
    const result = audit('Statins prevent myocardial infarction in diabetics.')
    expect(result).toMatchObject({ verdict: 'removed', severity: 'major' })
    expect(result.publishedText).toBeUndefined()
  })

  it('calls a missing quotation an error, never a pass', () => {
    expect(audit(faithful, quotation, ['s9']).verdict).toBe('error')
    expect(audit(faithful, quotation, ['s1', 's9']).verdict).toBe('error')
    expect(audit(faithful, quotation, []).verdict).toBe('error')
  })

  it('reads minus signs, thousands and percentages as they are meant', () => {
    const source = 'Drift changed by −2.5 cm over 1,200 readings (45 %), as in 10–20 cm of water.'
    expect(
      audit('Drift changed by -2.5 cm over 1200 readings (45%), as in 10-20 cm of water.', source).verdict,
    ).toBe('supported')
    expect(audit(source.replace('−2.5', '2.5'), source).verdict).toBe('repaired')
    expect(audit(source.replace('45 %', '45'), source).verdict).toBe('repaired')
  })

  it('is not disturbed by any sentence said as it is, nor by hostile text', () => {
    const word = fc.constantFrom(
      'may',
      'not',
      'Lanterns',
      '3.5',
      'mg',
      'drift',
      '(p < 0.05)',
      '–',
      'most',
      'x-ray',
      '50%',
      'β',
    )
    fc.assert(
      fc.property(fc.array(word, { minLength: 3, maxLength: 40 }), (words) => {
        const sentence = `Lanterns glow ${words.join(' ')}.`
        expect(audit(attributed(sentence, 'result', paper), sentence).verdict).toBe('supported')
      }),
    )
    expect(audit(`${'not '.repeat(300_000)}`, quotation).verdict).not.toBe('supported')
  })
})

describeWith(labelledSetsFolder, 'the audit on real sentences', () => {
  it('disturbs no true claim and stops changed ones', async () => {
    for (const { metric, value } of await measureAudit(labelledSetsFolder, 800)) {
      if (metric.startsWith('true')) expect(value, metric).toBeLessThan(0.01)
      else expect(value, metric).toBeGreaterThan(0.9)
    }
  })
})
