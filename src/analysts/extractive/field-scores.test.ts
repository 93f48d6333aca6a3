import { describe, expect, it } from 'vitest'
import { type Candidate, scoreOf } from './field-scores.ts'
import { roleOdds } from './roles.ts'

function candidate(text: string): Candidate {
  return {
    text,
    page: 3,
    position: 0.6,
    afterSentence: true,
    stems: new Set(),
    odds: roleOdds('', undefined),
    purpose: 'results',
    relevance: 0.5,
    independence: 1,
  }
}

describe('the score of a result', () => {
  it.each(['read', 'counted', 'checked', 'used'])(
    'is lower for what was %s than for what came out',
    (verb) => {
      const done = scoreOf.result(candidate(`The lanterns that we found were ${verb} in the winter.`))
      const found = scoreOf.result(candidate('The lanterns that we found were dimmer in the winter.'))
      expect(done).toBeLessThan(found)
    },
  )

  it.each([
    'Lesson 3 shows how to work with lanterns in the winter.',
    'We report results on the lanterns of the winter.',
  ])('is lower for what is shown or reported on: %s', (text) => {
    const found = scoreOf.result(candidate('We report that lanterns were dimmer in the winter.'))
    expect(scoreOf.result(candidate(text))).toBeLessThan(found)
  })

  it('is higher where something was detected', () => {
    const detected = scoreOf.result(candidate('A break has been detected at lantern 72.'))
    expect(detected).toBeGreaterThan(scoreOf.result(candidate('A break stands beside lantern 72.')))
  })
})

describe('the score of a method', () => {
  it('is lower for a signpost within the paper, not in its abstract', () => {
    const text = 'We describe how the first lantern is lit.'
    const within = scoreOf.method({ ...candidate(text), purpose: 'methods' })
    const offered = scoreOf.method({
      ...candidate('We describe a lantern that lights the first.'),
      purpose: 'methods',
    })
    expect(within).toBeLessThan(offered - 0.4)
    const inAbstract = scoreOf.method({ ...candidate(text), purpose: 'abstract' })
    expect(inAbstract).toBeGreaterThan(within + 0.4)
  })
})
