import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentOf } from './content.ts'
import { createCorpus } from './corpus.ts'
import { papersOfProfile, profileOf, profiles } from './facets.ts'
import {
  arxivIdOf,
  corpusIdOf,
  doiOf,
  indexOf,
  openAlexIdOf,
  paperIdOf,
  pmcidOf,
  pmidOf,
} from './identifiers.ts'
import { questions } from './questions.ts'
import { paperServices } from './services.ts'
import { topics } from './topics/all.ts'
import { contradict, relevanceOf, relevantPapers, workOf } from './truth.ts'

const corpus = createCorpus({ seed: 7, papers: 5_000 })
const anyPaper = fc.integer({ min: 0, max: corpus.size - 1 })

describe('createCorpus', () => {
  it('says the same of a paper whenever it is asked, and something else for another seed', () => {
    const again = createCorpus({ seed: 7, papers: 5_000 })
    const other = createCorpus({ seed: 8, papers: 5_000 })
    fc.assert(
      fc.property(anyPaper, (index) => {
        expect(again.paper(index)).toEqual(corpus.paper(index))
        expect(contentOf(again, again.paper(index))).toEqual(contentOf(corpus, corpus.paper(index)))
        expect(contentOf(other, other.paper(index))).not.toEqual(contentOf(corpus, corpus.paper(index)))
      }),
      { numRuns: 50 },
    )
  })

  it('does not change a paper when more are added, but for what refers to it', () => {
    const larger = createCorpus({ seed: 7, papers: 1_000_000 })
    for (const index of [0, 13, 999, 4_999]) expect(larger.paper(index)).toEqual(corpus.paper(index))
  })

  it('keeps nothing for each paper at a million papers', () => {
    const million = createCorpus({ seed: 1, papers: 1_000_000 })
    expect(JSON.stringify(million).length).toBeLessThan(100)
    for (let index = 0; index < million.size; index += 9_973) million.paper(index)
    expect(JSON.stringify(million).length).toBeLessThan(100)
    expect(million.paper(999_999).title).not.toBe('')
  })

  it('refuses sizes that identifiers do not have room for', () => {
    for (const papers of [0, 1.5, 1_000_001])
      expect(() => createCorpus({ seed: 1, papers })).toThrow(/from 1 to 1000000/)
  })

  it('reads every identifier back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999 }),
        fc.integer({ min: 2008, max: 2026 }),
        (index, year) => {
          expect(indexOf.doi(doiOf(index))).toBe(index)
          expect(indexOf.arxiv(arxivIdOf(index, year))).toBe(index)
          expect(indexOf.openAlex(openAlexIdOf(index))).toBe(index)
          expect(indexOf.paperId(paperIdOf(index))).toBe(index)
          expect(indexOf.corpusId(`${corpusIdOf(index)}`)).toBe(index)
          expect(indexOf.pmid(pmidOf(index))).toBe(index)
          expect(indexOf.pmcid(pmcidOf(index))).toBe(index)
        },
      ),
    )
    expect(indexOf.paperId('0'.repeat(40))).toBeUndefined()
  })

  it('puts every paper into one profile, and into some service', () => {
    const seen = Array.from({ length: profiles }, (_, at) => [...papersOfProfile(7, corpus.size, at)])
    expect(seen.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: corpus.size }, (_, at) => at))
    for (const [profile, papers] of seen.entries())
      for (const index of papers) expect(profileOf(7, index)).toBe(profile)
    for (let index = 0; index < corpus.size; index++)
      expect(paperServices.some((service) => corpus.isIn(index, service))).toBe(true)
  })

  it('lets papers refer to older ones, and knows both ends', () => {
    let references = 0
    for (let index = 0; index < corpus.size; index += 7) {
      for (const other of corpus.references(index)) {
        references++
        expect(corpus.yearOf(other)).toBeLessThanOrEqual(corpus.yearOf(index))
        expect([...corpus.citations(other)]).toContain(index)
      }
    }
    expect(references).toBeGreaterThan(1_000)
    expect([...corpus.citations(0)].length).toBeGreaterThan(50)
  })

  it('has works in two versions, and sequels that only look like versions', () => {
    const all = Array.from({ length: corpus.size }, (_, index) => corpus.paper(index))
    const versions = all.filter(({ relation }) => relation?.kind === 'version')
    const sequels = all.filter(({ relation }) => relation?.kind === 'sequel')
    expect(versions.length).toBeGreaterThan(100)
    expect(sequels.length).toBeGreaterThan(50)
    for (const paper of versions) {
      const first = all[paper.relation!.of]!
      expect(paper.authors).toEqual(first.authors)
      expect(first.title.startsWith(paper.title.replace(/: .*/, '').slice(0, 20))).toBe(true)
      expect(contentOf(corpus, paper)).toEqual(contentOf(corpus, first))
      expect(workOf(corpus, paper.index)).toBe(first.index)
    }
    for (const paper of sequels) {
      expect(contentOf(corpus, paper)).not.toEqual(contentOf(corpus, all[paper.relation!.of]!))
      expect(workOf(corpus, paper.index)).toBe(paper.index)
    }
    expect(all.filter(({ retracted }) => retracted).length).toBeGreaterThan(30)
  })
})

describe('the truth', () => {
  it('has papers that answer each question, and more that do not', () => {
    expect(questions.map(({ topic }) => topic)).toEqual(topics.map(({ id }) => id))
    expect(topics.length).toBeGreaterThanOrEqual(12)
    for (const { topic } of questions) {
      const relevant = [...relevantPapers(corpus, topic)]
      expect(relevant.length).toBeGreaterThan(80)
      expect(relevant.length).toBeLessThan(corpus.size / topics.length / 2)
      expect(relevant.every((index) => relevanceOf(corpus, index, topic) === 2)).toBe(true)
      const [first, ...others] = relevant
      expect(
        others.some((other) => contradict(corpus, first!, other) === contradict(corpus, other, first!)),
      ).toBe(true)
    }
  })

  it('has contradictions between papers on one method, and none with itself', () => {
    const relevant = [...relevantPapers(corpus, 'fasting-glycaemia')]
    const pairs = relevant.flatMap((one) =>
      relevant.filter((other) => contradict(corpus, one, other)).map((other) => [one, other]),
    )
    expect(pairs.length).toBeGreaterThan(20)
    for (const [one, other] of pairs)
      expect([corpus.paper(one!).direction, corpus.paper(other!).direction].sort()).toEqual([
        'better',
        'worse',
      ])
  })

  it('says what a paper found in the way that its direction says', () => {
    for (const index of relevantPapers(corpus, 'fasting-glycaemia')) {
      const paper = corpus.paper(index)
      const texts = contentOf(corpus, paper).sections.flatMap(({ paragraphs }) =>
        paragraphs.flatMap(({ sentences }) =>
          sentences.flatMap(({ kind, text }) => (kind === 'finding' ? text : [])),
        ),
      )
      expect(texts.length).toBeGreaterThan(0)
      const { metric } = paper.matter
      const falls = / (?:reduced|lowered|cut|decreased) /.test(texts[0]!)
      const rises = / (?:raised|increased|lifted|improved) /.test(texts[0]!)
      if (paper.direction === 'unchanged') expect([falls, rises]).toEqual([false, false])
      else expect(falls).toBe((metric.better === 'lower') === (paper.direction === 'better'))
    }
  })
})
