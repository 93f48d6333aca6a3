import { describe, expect, it } from 'vitest'
import type { ProposedQuotation } from '../analysts/analyst.ts'
import { evidenceSpanSchema, rejectedQuotationSchema } from '../contract/evidence.ts'
import { admitQuotations, spanId } from './admit.ts'
import { quotationHolds } from './holds.ts'

const document = 'b'.repeat(64)
const pages = [
  { number: 1, text: 'We use the MNIST data. The accu-\r\nracy was 97.1 %.' },
  { number: 2, text: 'We use the MNIST data.' },
]
const proposal = (quotation: string, rest: Partial<ProposedQuotation> = {}): ProposedQuotation => ({
  field: 'result',
  quotation,
  page: 1,
  confidence: 0.5,
  ...rest,
})
const admit = (...proposals: ProposedQuotation[]) =>
  admitQuotations(proposals, { paperId: 'p1', document, pages })

describe('admitQuotations', () => {
  it('makes spans that hold and carry what the page says', () => {
    const { spans, rejected } = admit(
      proposal('"the accuracy was 97.1%"', { section: 'Results', confidence: 0.7 }),
    )
    expect(rejected).toEqual([])
    expect(spans).toHaveLength(1)
    const [span] = spans
    expect(evidenceSpanSchema.parse(span)).toEqual(span)
    expect(span).toMatchObject({ quotation: 'The accuracy was 97.1 %', section: 'Results', confidence: 0.7 })
    expect(quotationHolds(span!, pages)).toBe(true)
  })

  it('rejects and keeps what does not stand there', () => {
    const { spans, rejected, admitted } = admit(proposal('The accuracy was 79.1 %.'), proposal(''))
    expect(spans).toEqual([])
    expect(admitted).toEqual([])
    expect(rejected.map((each) => rejectedQuotationSchema.parse(each))).toEqual([
      { paperId: 'p1', field: 'result', quotation: 'The accuracy was 79.1 %.' },
      { paperId: 'p1', field: 'result', quotation: '' },
    ])
  })

  it('merges proposals of the same field and place, whatever their spelling', () => {
    const first = proposal('The accuracy was 97.1 %', { text: 'accuracy' })
    const second = proposal('THE ACCURACY WAS 97.1 %', { confidence: 0.9, page: 2 })
    const { spans, admitted } = admit(first, second)
    expect(spans).toHaveLength(1)
    expect(spans[0]!.confidence).toBe(0.9)
    expect(admitted.map(({ proposal, span }) => [proposal, span.id])).toEqual([
      [first, spans[0]!.id],
      [second, spans[0]!.id],
    ])
  })

  it('keeps fields and places apart', () => {
    const data = 'We use the MNIST data.'
    const { spans } = admit(
      proposal(data, { field: 'dataset' }),
      proposal(data, { field: 'dataset', page: 2 }),
      proposal(data, { field: 'method' }),
    )
    expect(new Set(spans.map(({ id }) => id)).size).toBe(3)
  })
})

describe('spanId', () => {
  it('is the same in every run and differs with every part', () => {
    const locator = { document, ranges: [{ page: 1, start: 0, end: 22 }] }
    expect(spanId('p1', 'dataset', locator)).toBe('sf2e2659b66c2')
    expect(spanId('p2', 'dataset', locator)).not.toBe(spanId('p1', 'dataset', locator))
  })
})
