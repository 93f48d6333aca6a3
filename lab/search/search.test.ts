import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCorpus } from '../corpus/corpus.ts'
import { relevanceOf } from '../corpus/truth.ts'
import { parseExpression, QuerySyntaxError } from './expression.ts'
import { createSearch, evaluateWords } from './search.ts'

const phrase = (text: string, field?: string) => ({ kind: 'phrase', text, field })

describe('parseExpression', () => {
  it('reads fields, phrases, brackets, ranges and operators', () => {
    expect(parseExpression('ti:"a b" AND (all:c OR d)')).toEqual({
      kind: 'and',
      parts: [phrase('a b', 'ti'), { kind: 'or', parts: [phrase('c', 'all'), phrase('d')] }],
    })
    expect(parseExpression('a ANDNOT b')).toEqual({ kind: 'without', kept: phrase('a'), left: phrase('b') })
    expect(parseExpression('a AND NOT b')).toEqual(parseExpression('a NOT b'))
    expect(parseExpression('a b', 'or')).toEqual(parseExpression('a OR b'))
    expect(parseExpression('submittedDate:[2019 TO 2020]')).toEqual({
      kind: 'range',
      field: 'submittedDate',
      from: '2019',
      to: '2020',
    })
  })

  it('refuses what is not balanced, and ends on any text', () => {
    for (const text of ['(a', 'a)', 'a AND', 'OR', '()', '"a'])
      expect(() => parseExpression(text), text).toThrow(QuerySyntaxError)
    fc.assert(
      fc.property(fc.stringMatching(/^[ab"() :]{0,30}$/), (text) => {
        try {
          parseExpression(text)
        } catch (error) {
          expect(error).toBeInstanceOf(QuerySyntaxError)
        }
      }),
    )
  })
})

describe('createSearch', () => {
  it('puts papers on a question first among a million', () => {
    const corpus = createCorpus({ seed: 1, papers: 1_000_000 })
    const found = createSearch(corpus).find({
      key: 'q',
      service: 'semanticscholar',
      scores: () =>
        evaluateWords('Does intermittent fasting improve glycaemic control in type 2 diabetes?', 0.5),
    })
    expect(found.length).toBeGreaterThan(10_000)
    const first = [...found.slice(0, 200)].map((index) => relevanceOf(corpus, index, 'fasting-glycaemia'))
    expect(first.filter((relevance) => relevance === 0)).toEqual([])
    expect(new Set(found).size).toBe(found.length)
  })
})
