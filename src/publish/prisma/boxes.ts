import type { Prisma } from '../../contract/report.ts'
import { oneLine } from '../displayable.ts'
import { counted, reasonInWords } from '../words.ts'

/** A box of the flow diagram: a heading with its number, and lines below it, one for each reason or source. */
export interface FlowBox {
  heading: string
  count: number
  details: { text: string; count: number }[]
}

/** A row of the flow diagram: what goes on to the next row, and beside it what leaves here. */
export interface FlowRow {
  stage: 'Identification' | 'Screening' | 'Included'
  main: FlowBox
  leaving: FlowBox[]
}

/** The flow diagram as rows of boxes, in the words of PRISMA 2020 where it has them. */
export function flowRows(prisma: Prisma): FlowRow[] {
  const byReason = (entries: readonly { reason: string; papers: number }[]) =>
    entries.map(({ reason, papers }) => ({ text: reasonInWords(oneLine(reason)), count: papers }))
  const sumOf = (entries: readonly { papers: number }[]) =>
    entries.reduce((sum, { papers }) => sum + papers, 0)
  const identified = prisma.identified.map(({ source, records }) => ({
    text: oneLine(source),
    count: records,
  }))
  return [
    {
      stage: 'Identification',
      main: {
        heading: 'Records identified',
        count: identified.reduce((sum, { count }) => sum + count, 0),
        details: identified,
      },
      leaving: [
        {
          heading: 'Removed before screening',
          count: prisma.duplicatesRemoved + sumOf(prisma.unreadable),
          details: [
            { text: 'duplicate records', count: prisma.duplicatesRemoved },
            ...byReason(prisma.unreadable),
          ],
        },
      ],
    },
    {
      stage: 'Screening',
      main: { heading: 'Papers screened', count: prisma.screened, details: [] },
      leaving: [
        { heading: 'Excluded', count: sumOf(prisma.excluded), details: byReason(prisma.excluded) },
        {
          heading: 'Kept as background',
          count: sumOf(prisma.background),
          details: byReason(prisma.background),
        },
      ],
    },
    {
      stage: 'Screening',
      main: { heading: 'Full texts sought', count: prisma.sought, details: [] },
      leaving: [
        {
          heading: 'Not retrieved',
          count: sumOf(prisma.notRetrieved),
          details: byReason(prisma.notRetrieved),
        },
      ],
    },
    {
      stage: 'Screening',
      main: { heading: 'Full texts assessed', count: prisma.assessed, details: [] },
      leaving: [{ heading: 'Not read', count: sumOf(prisma.notRead), details: byReason(prisma.notRead) }],
    },
    {
      stage: 'Included',
      main: { heading: 'Studies included in the review', count: prisma.included, details: [] },
      leaving: [],
    },
  ]
}

/** The same flow as one paragraph, for those who do not see the picture. */
export function flowInWords(prisma: Prisma): string {
  return flowRows(prisma)
    .map(({ main, leaving }) => {
      const left = leaving.map((box) => `; ${boxInWords(box, box.heading.toLowerCase())}`)
      return `${boxInWords(main, main.heading)}${left.join('')}.`
    })
    .join(' ')
}

function boxInWords({ count, details }: FlowBox, heading: string): string {
  const parts = details.map((detail) => `${detail.text}: ${detail.count}`).join(', ')
  return `${heading}: ${count}${parts === '' ? '' : ` (${parts})`}`
}

/** The flow in one line: `12 records, 10 screened, 6 read`. */
export function flowInBrief(prisma: Prisma): string {
  const records = prisma.identified.reduce((sum, entry) => sum + entry.records, 0)
  return `${counted(records, 'record')} found, ${counted(prisma.screened, 'paper')} screened, ${counted(prisma.included, 'study', 'studies')} included`
}
