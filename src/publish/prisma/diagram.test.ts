import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleReport } from '../../../test/support/report.ts'
import { flowInWords } from './boxes.ts'
import { prismaDiagram } from './diagram.ts'
import { textWidth, wrapped } from './measure.ts'

test('the numbers of every stage stand in the picture and in its description', () => {
  const { prisma } = sampleReport()
  const { markup } = prismaDiagram(prisma)
  for (const text of ['Records identified (n\u00a0=\u00a012)', 'Papers screened (n\u00a0=\u00a010)']) {
    expect(markup).toContain(text)
  }
  expect(flowInWords(prisma)).toBe(
    'Records identified: 12 (library: 12); removed before screening: 2 (duplicate records: 1, damaged file: 1). ' +
      'Papers screened: 10; excluded: 1 (shares too little with the question: 1); ' +
      'kept as background: 1 (a survey or an overview: 1). Full texts sought: 8; not retrieved: 1 ' +
      '(no open-access full text is known: 1). ' +
      'Full texts assessed: 7; not read: 1 (a scan without text: 1). Studies included in the review: 6.',
  )
  expect(markup).toContain('<desc id="prisma-description">Records identified: 12')
})

test('every line fits its box, whatever the reasons are, and no box reaches into another', () => {
  const reason = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.constant('W'.repeat(120)))
  const reasons = fc.array(fc.record({ reason, papers: fc.nat() }), { maxLength: 5 })
  fc.assert(
    fc.property(reasons, reasons, (excluded, notRead) => {
      const { markup } = prismaDiagram({ ...sampleReport().prisma, excluded, notRead })
      const boxes = [
        ...markup.matchAll(
          /class="prisma-box" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
        ),
      ].map(([, ...numbers]) => numbers.map(Number) as [number, number, number, number])
      const lines = [
        ...markup.matchAll(/class="prisma-text" x="([\d.]+)" y="([\d.]+)" font-size="(\d+)"[^>]*>([^<]*)</g),
      ]
      expect(lines.length).toBeGreaterThan(8)
      for (const [, x, y, size, text] of lines) {
        const inside = boxes.some(
          ([left, top, width, height]) =>
            Number(x) > left &&
            Number(x) + textWidth(plain(text!), Number(size)) <= left + width &&
            Number(y) - Number(size) >= top &&
            Number(y) <= top + height,
        )
        expect(inside).toBe(true)
      }
      boxes.forEach(([left, top, width, height], position) => {
        for (const [otherLeft, otherTop, otherWidth, otherHeight] of boxes.slice(position + 1)) {
          const apart =
            left + width <= otherLeft ||
            otherLeft + otherWidth <= left ||
            top + height <= otherTop ||
            otherTop + otherHeight <= top
          expect(apart).toBe(true)
        }
      })
    }),
    { numRuns: 60 },
  )
})

const plain = (escaped: string) =>
  escaped.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  )

test('wrapping loses nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.integer({ min: 30, max: 300 }),
      (text, width) => {
        const spaceless = (value: string) => value.replaceAll(' ', '')
        expect(spaceless(wrapped(text, width, 12).join(''))).toBe(spaceless(text))
      },
    ),
  )
})
