import { afterAll, describe, expect, it } from 'vitest'
import { createReader } from '../../src/documents/reader.ts'
import { indexDocument } from '../../src/evidence/document-index.ts'
import { locateQuotation } from '../../src/evidence/locate.ts'
import { createCorpus } from '../corpus/corpus.ts'
import { partings } from './hyphenate.ts'
import { renderPaper } from './render-paper.ts'

const corpus = createCorpus({ seed: 3, papers: 2_000 })

describe('renderPaper', () => {
  const reader = createReader({ threads: 1 })
  afterAll(() => reader.close())

  it('sets papers that the reader reads, with every statement on the page that it says', async () => {
    const lengths = new Set<number>()
    for (let index = 0; index < corpus.size; index += 61) {
      const { bytes, pages, statements } = await renderPaper(corpus, index)
      const outcome = await reader.read(bytes)
      if (!outcome.ok) throw new Error(outcome.failure.message)
      const { document } = outcome
      expect(document.pages).toHaveLength(pages)
      expect(pages).toBeGreaterThanOrEqual(4)
      expect(pages).toBeLessThanOrEqual(12)
      expect(document.metadata.title).toBe(corpus.paper(index).title)
      expect(new Set(statements.map(({ kind }) => kind)).size).toBe(4)
      const indexed = indexDocument(document)
      for (const { text, page } of statements)
        expect(
          locateQuotation(text, indexed)?.ranges.map((range) => range.page),
          text,
        ).toEqual([page])
      lengths.add(pages)
    }
    expect(lengths.size).toBeGreaterThan(3)
  })

  it('gives the same bytes each time', async () => {
    const [once, again] = [await renderPaper(corpus, 17), await renderPaper(corpus, 17)]
    expect(once.bytes.equals(again.bytes)).toBe(true)
  })
})

describe('partings', () => {
  it('leaves three letters on both sides, and other signs alone', () => {
    expect(partings('concentration')).toEqual([3, 9])
    expect(partings('water')).toEqual([])
    expect(partings('GAD-7')).toEqual([])
  })
})
