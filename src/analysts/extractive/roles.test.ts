import { describe, expect, it } from 'vitest'
import { measureRoles } from '../../../bench/quality/roles.ts'
import { describeWith, labelledSetsFolder } from '../../../test/support/corpora.ts'
import { roleOdds, rolesOfAbstract } from './roles.ts'

describe('rolesOfAbstract', () => {
  it('tells the moves of a technical abstract apart', () => {
    expect(
      rolesOfAbstract([
        'In recent years, lanterns have been widely used to forecast tides.',
        'However, existing methods need a visit to each lantern.',
        'In this paper, we propose a calibration that needs no visit.',
        'We use a median filter over moonless hours, which is then combined with a neural network.',
        'The network consists of two layers, where each layer is trained by gradient descent.',
        'Experimental results show that our approach outperforms harmonic regression by 12%.',
      ]),
    ).toEqual(['background', 'background', 'objective', 'method', 'method', 'result'])
  })

  it('tells the moves of a trial apart', () => {
    expect(
      rolesOfAbstract([
        'Lantern fever is a common cause of fatigue, but little is known about its treatment.',
        'A total of 120 patients were randomly assigned to rest or to walking for six weeks.',
        'Fatigue was measured with a questionnaire before and after treatment.',
        'Fatigue fell significantly more after walking than after rest (mean 4.1 versus 2.0, p = 0.01).',
        'No difference was found in sleep (p = 0.6).',
        'Walking may be recommended to patients with lantern fever.',
      ]).slice(1),
    ).toEqual(['method', 'method', 'result', 'result', 'result'])
  })

  it('has nothing to say of an empty abstract', () => expect(rolesOfAbstract([])).toEqual([]))
})

describe('roleOdds', () => {
  it('sums to one over the roles of abstracts', () => {
    const { limitation: _, ...roles } = roleOdds('We measured the drift of 40 lanterns.', 'Methods')
    expect(Object.values(roles).reduce((sum, value) => sum + value)).toBeCloseTo(1)
  })

  it('lets the heading decide what the words leave open', () => {
    const sentence = 'The drift of the lanterns was four centimetres.'
    expect(roleOdds(sentence, '4 Results').result).toBeGreaterThan(roleOdds(sentence, '2 Methods').result)
  })

  it('finds limitations where they are named, and in a discussion also where they are hinted at', () => {
    expect(roleOdds('A limitation of our study is its small sample.', undefined).limitation).toBeGreaterThan(
      0.4,
    )
    const hint = 'The lanterns could not be tested in fog.'
    expect(roleOdds(hint, 'Discussion').limitation).toBeGreaterThan(roleOdds(hint, 'Related work').limitation)
    expect(roleOdds('The lanterns worked well.', 'Discussion').limitation).toBe(0)
    const chosen = 'The lanterns are deliberately not lit in the morning.'
    expect(roleOdds(chosen, 'Discussion').limitation).toBe(0)
    expect(roleOdds('We have bonus tasks that are not meant for all.', 'Discussion').limitation).toBe(0)
  })

  it('bears a sentence of a million characters', () => {
    expect(roleOdds('we find that '.repeat(80_000), 'Results').result).toBeGreaterThan(0)
  })
})

describeWith(labelledSetsFolder, 'roles on labelled sets', () => {
  it('stays above the majority class and the plain baseline', async () => {
    const measures = await measureRoles(labelledSetsFolder, 1)
    const [accuracy, , majority, plain, medicine] = measures.map(({ value }) => value)
    expect(accuracy).toBeGreaterThan(majority! + 0.25)
    expect(accuracy).toBeGreaterThan(plain! + 0.08)
    expect(medicine).toBeGreaterThan(0.85)
  })
})
