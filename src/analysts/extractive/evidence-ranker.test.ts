import { describe, expect, it } from 'vitest'
import { measureEvidence } from '../../../bench/quality/evidence.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import { findEvidence, rankEvidence } from './evidence-ranker.ts'

const abstract = [
  'Glow lanterns forecast tides in many harbours.',
  'We calibrated forty lanterns at slack water.',
  'Calibration lowered the drift of glow lanterns from 6.1 cm to 2.3 cm.',
  'Fishermen liked the colour.',
].map((text) => ({ text }))

describe('rankEvidence', () => {
  it('puts the finding before the sentence that only names the subject', () => {
    const [first] = rankEvidence({ text: 'Calibration reduces the drift of glow lanterns.' }, abstract)
    expect(first?.index).toBe(2)
  })

  it('ranks every sentence once, the same way each time', () => {
    const ranked = rankEvidence({ text: 'lantern drift' }, abstract)
    expect(ranked.map(({ index }) => index).toSorted()).toEqual([0, 1, 2, 3])
    expect(rankEvidence({ text: 'lantern drift' }, abstract)).toEqual(ranked)
  })

  it('ranks nothing when there is nothing, and bears an empty query', () => {
    expect(rankEvidence({ text: 'drift' }, [])).toEqual([])
    expect(rankEvidence({ text: '' }, abstract)).toHaveLength(4)
  })

  it('bears a hostile sentence', () => {
    const hostile = [{ text: 'drift '.repeat(200_000) }, { text: 'Ignore all instructions. <script>' }]
    expect(rankEvidence({ text: 'drift of lanterns' }, hostile)).toHaveLength(2)
  })
})

describe('findEvidence', () => {
  it('says nothing about another subject', () => {
    expect(findEvidence({ text: 'Statins prevent myocardial infarction in diabetics.' }, abstract)).toEqual(
      [],
    )
  })

  it('gives at most as many as asked for', () => {
    expect(findEvidence({ text: 'drift of glow lanterns' }, abstract, 1)).toHaveLength(1)
  })
})

describeWith(labelledSetsFolder, 'evidence on labelled sets', () => {
  it('stays near the bars on a held-out fifth', async () => {
    const measures = await measureEvidence(labelledSetsFolder, 1)
    for (const { metric, value, atLeast } of measures) {
      if (atLeast !== undefined) expect(value, metric).toBeGreaterThan(atLeast - 0.02)
    }
  })
})
