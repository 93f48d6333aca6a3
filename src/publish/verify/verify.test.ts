import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  sampleDocuments,
  samplePageSource,
  sampleProvenance,
  sampleReport,
} from '../../../test/support/report.ts'
import type { Report } from '../../contract/report.ts'
import { publish } from '../publish.ts'
import type { FoundDocument } from './quotations.ts'
import type { MismatchKind } from './result.ts'
import { verifyReport } from './verify.ts'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'sheaf-verify-')), 'review')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

const documents = sampleDocuments()
const readDocument = async (id: string): Promise<FoundDocument | undefined> => documents.get(id)
const pageSource = samplePageSource()
const write = (report: Report) => publish(report, folder, { ...pageSource, provenance: sampleProvenance() })
const verify = () => verifyReport(folder, { readDocument, pageSource })

/** Publishes a forged report as a careful forger would: every file rendered from it, every hash written anew. */
async function kindsAfter(forge: (report: Report) => void): Promise<MismatchKind[]> {
  const report = sampleReport()
  forge(report)
  await write(report)
  const { mismatches, holds } = await verify()
  expect(holds).toBe(mismatches.length === 0)
  return [...new Set(mismatches.map((mismatch) => mismatch.kind))]
}

/** Changes a quotation and the study card that repeats it. */
function rewordQuotation(report: Report, from: string, to: string): void {
  const reworded = report.spans[4]!.quotation.replace(from, to)
  report.spans[4]!.quotation = reworded
  report.cards[0]!.result[0]!.text = reworded
}

async function kindsAfterEdit(file: string, edit: (text: string) => string): Promise<MismatchKind[]> {
  await write(sampleReport())
  const before = await readFile(join(folder, file), 'utf8')
  expect(edit(before)).not.toBe(before)
  await writeFile(join(folder, file), edit(before))
  return (await verify()).mismatches.map((mismatch) => mismatch.kind)
}

test('an untouched report holds, and everything was counted', async () => {
  const report = sampleReport()
  await write(report)
  const result = await verify()
  expect(result.mismatches).toEqual([])
  expect(result.holds).toBe(true)
  expect(result.notChecked).toEqual([])
  expect(result.held).toEqual({
    files_unchanged: 8,
    files_say_the_same: 8,
    pictures: 1,
    documents: 8,
    quotations: report.spans.length,
    citations: report.citations.length,
    sentences: 18,
    claims: report.claims.length,
    cards: 6,
    papers: report.papers.length,
  })
})

test('says what it did not check without a source of pages', async () => {
  await write(sampleReport())
  const result = await verifyReport(folder, { readDocument })
  expect(result.holds).toBe(true)
  expect(result.notChecked).toHaveLength(1)
  expect(result.held.pictures).toBe(0)
})

test('refuses a folder without a report and says so of one that holds something else', async () => {
  await expect(verifyReport(tmpdir(), { readDocument })).rejects.toMatchObject({ code: 'not_found' })
  const kinds = await kindsAfterEdit('report.json', (text) => text.replace('"supported"', '"believed"'))
  expect(kinds).toEqual(['report_invalid'])
})

describe('a forger who writes all files and hashes anew', () => {
  test('cannot change a word of a quotation', async () => {
    const kinds = await kindsAfter((report) => {
      rewordQuotation(report, 'lowered', 'raised')
    })
    expect(kinds).toEqual(['quotation_differs'])
  })

  test('cannot change a figure of a quotation', async () => {
    const kinds = await kindsAfter((report) => {
      rewordQuotation(report, '2.3 cm', '1.3 cm')
    })
    expect(kinds).toEqual(['quotation_differs'])
  })

  test('cannot move a quotation to another page', async () => {
    const kinds = await kindsAfter((report) => {
      report.spans[4]!.locator.ranges[0]!.page += 1
    })
    expect(kinds).toEqual(['wrong_page'])
  })

  test('cannot move a quotation on its page', async () => {
    const kinds = await kindsAfter((report) => {
      const range = report.spans[4]!.locator.ranges[0]!
      const page = documents.get(report.spans[4]!.locator.document)!.pages[range.page - 1]!
      range.start = page.text.indexOf('lanterns')
      range.end = range.start + 'lanterns'.length
    })
    expect(kinds).toEqual(['wrong_place'])
  })

  test('cannot give a quotation to another paper', async () => {
    const kinds = await kindsAfter((report) => {
      const span = report.spans.find((one) => one.id === report.citations[0]!.span)!
      span.paperId = report.papers[3]!.id
    })
    expect(kinds).toEqual(['wrong_paper'])
  })

  test('cannot give it to another paper’s document either', async () => {
    const kinds = await kindsAfter((report) => {
      const span = report.spans.find((one) => one.id === report.citations[0]!.span)!
      span.paperId = report.papers[3]!.id
      span.locator.document = report.papers[3]!.document!
      report.citations[0]!.paperId = span.paperId
    })
    expect(kinds).toContain('quotation_differs')
  })

  test('cannot swap the titles of two papers', async () => {
    const kinds = await kindsAfter((report) => {
      const [one, other] = [report.papers[0]!, report.papers[2]!]
      ;[one.fields, other.fields] = [other.fields, one.fields]
    })
    expect(kinds).toEqual(['paper_differs'])
  })

  test('cannot swap two papers with their records', async () => {
    const kinds = await kindsAfter((report) => {
      const swap = (one: { fields: Report['papers'][0]['fields'] }, other: typeof one) => {
        ;[one.fields, other.fields] = [other.fields, one.fields]
      }
      swap(report.papers[1]!, report.papers[2]!)
      const recordOf = (paper: number) =>
        report.records.find((record) => record.key === report.papers[paper]!.records[0])!
      const [one, other] = [recordOf(1), recordOf(2)]
      swap(one, other)
      ;[one.reference, other.reference] = [other.reference, one.reference]
    })
    expect(kinds).toEqual(['wrong_paper'])
  })

  test('cannot take a citation away', async () => {
    const kinds = await kindsAfter((report) => {
      report.synthesis[1]!.paragraphs[1]![0]!.citations = []
    })
    expect(kinds).toEqual(['citation_missing'])
  })

  test('cannot cite what is not there', async () => {
    const kinds = await kindsAfter((report) => {
      report.summary[0]!.citations = [99]
    })
    expect(kinds).toEqual(['citation_missing'])
  })

  test('cannot cite another quotation than the claim’s', async () => {
    const kinds = await kindsAfter((report) => {
      report.summary[0]!.citations = [2]
    })
    expect(kinds).toEqual(['citation_wrong'])
  })

  test('cannot change a published sentence, nor a relation, nor a gap', async () => {
    const forgeries: ((report: Report) => void)[] = [
      (report) => {
        report.summary[0]!.text = 'Two-point calibration abolished all error.'
      },
      (report) => {
        report.relationSentences[0]!.text = 'All studies agree on everything.'
      },
      (report) => {
        report.gapSentences[0]!.text = 'Nothing is left to be done.'
      },
    ]
    for (const forge of forgeries) {
      expect(await kindsAfter(forge)).toEqual(['sentence_differs'])
      await rm(folder, { recursive: true })
    }
  })

  test('cannot publish a claim that failed its audit, nor a finding without a claim', async () => {
    const removed = await kindsAfter((report) => {
      report.audits.find((audit) => audit.claimId === report.summary[0]!.claim)!.verdict = 'error'
    })
    expect(removed).toEqual(['claim_unaudited'])
    await rm(folder, { recursive: true })
    const unaudited = await kindsAfter((report) => {
      report.audits = report.audits.filter((audit) => audit.claimId !== report.summary[0]!.claim)
    })
    expect(unaudited).toEqual(['claim_unaudited'])
    await rm(folder, { recursive: true })
    const invented = await kindsAfter((report) => {
      report.summary.push({ kind: 'finding', text: 'Lanterns cure fog.', citations: [1] })
    })
    expect(invented).toEqual(['claim_unaudited'])
  })

  test('cannot leave a gap in the numbers', async () => {
    const kinds = await kindsAfter((report) => {
      report.references[1]!.number = 7
    })
    expect(kinds).toEqual(['numbering_wrong'])
  })

  test('cannot put another paper’s quotation on a study card', async () => {
    const kinds = await kindsAfter((report) => {
      report.cards[0]!.result[0]!.spans = [report.spans.at(-1)!.id]
    })
    expect(kinds).toEqual(['wrong_paper'])
  })
})

test('a study card says only what its quotations say', async () => {
  const kinds = await kindsAfter((report) => {
    report.cards[0]!.dataset[0]!.text = 'Vael-400'
  })
  expect(kinds).toEqual(['card_differs'])
})

describe('a file changed after it was written', () => {
  test.each(['report.md', 'report.html', 'evidence.csv', 'references.bib', 'prisma.svg'])(
    '%s',
    async (file) => {
      const kinds = await kindsAfterEdit(file, (text) => text.replace(/lantern|Records|misc/, 'other'))
      expect(kinds).toEqual(['file_changed', 'file_differs'])
    },
  )

  test('a picture in report.html, or a mark on it', async () => {
    const pictures = await kindsAfterEdit('report.html', (text) =>
      text.replace(/base64,(.{2000})(.)/, 'base64,$1A'),
    )
    expect(pictures).toEqual(['file_changed', 'picture_differs'])
    await rm(folder, { recursive: true })
    const marks = await kindsAfterEdit('report.html', (text) =>
      text.replace(/class="mark" x="\d/, 'class="mark" x="3'),
    )
    expect(marks).toEqual(['file_changed', 'picture_differs'])
  })

  test('something hidden in a picture, even where pictures are not drawn again', async () => {
    await write(sampleReport())
    const path = join(folder, 'report.html')
    const before = await readFile(path, 'utf8')
    await writeFile(path, before.replace('<rect class="mark"', '<text>forged</text><rect class="mark"'))
    const { mismatches } = await verifyReport(folder, { readDocument })
    expect(mismatches.map((mismatch) => mismatch.kind)).toEqual(['file_changed', 'file_differs'])
  })

  test('a file or the manifest taken away', async () => {
    await write(sampleReport())
    await rm(join(folder, 'references.ris'))
    await rm(join(folder, 'manifest.json'))
    const kinds = (await verify()).mismatches.map((mismatch) => mismatch.kind)
    expect(kinds).toEqual(['manifest_invalid', 'file_missing'])
  })
})

describe('the documents', () => {
  test('one that is gone or was changed is named with what it carried', async () => {
    await write(sampleReport())
    const [gone, changed] = [...documents.keys()]
    const result = await verifyReport(folder, {
      pageSource,
      readDocument: async (id) => {
        if (id === gone) return undefined
        const document = documents.get(id)
        return id === changed ? { ...document!, id: 'f'.repeat(64) } : document
      },
    })
    expect(result.mismatches.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['document_missing', 'calibration/marsh-2019.pdf'],
      ['document_changed', 'calibration/quillfeather-2020.pdf'],
    ])
    expect(result.mismatches[0]!.message).toContain('6 quotations could not be checked')
    expect(result.held.documents).toBe(6)
  })
})
