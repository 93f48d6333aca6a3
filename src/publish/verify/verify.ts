import { reportSchema } from '../../contract/report.ts'
import { SheafError } from '../../errors.ts'
import { parseJson } from '../json.ts'
import type { PageSource } from '../pictures.ts'
import { checkCitations, checkClaimsAndCards } from './citations.ts'
import { checkHashes, checkRenderings, textOf } from './files.ts'
import { checkPapers } from './papers.ts'
import { checkQuotations, type DocumentFinder } from './quotations.ts'
import { startFindings, type VerificationResult } from './result.ts'
import { checkSentences } from './sentences.ts'

/** What verifying needs: the documents as they are now and, to draw the page's pictures again, a source of pages. */
export interface VerifyDependencies {
  readDocument: DocumentFinder
  pageSource?: PageSource
}

/**
 * Checks a published report: its files against the manifest's hashes and against report.json, its sentences against its
 * audited claims, its papers against their records, and every quotation against the documents themselves. The last does
 * not depend on anything that stands in the folder, so a forger who also writes the hashes anew does not pass.
 *
 * @throws SheafError `not_found` when the folder holds no report.json. What `readDocument` throws passes through.
 */
export async function verifyReport(folder: string, deps: VerifyDependencies): Promise<VerificationResult> {
  const text = await textOf(folder, 'report.json')
  if (text === undefined) {
    throw new SheafError('not_found', `There is no report.json in ${folder}.`, {
      advice: 'Name the folder that a review was written to.',
    })
  }
  const findings = startFindings()
  const parsed = reportSchema.safeParse(parseJson(text))
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.')
    findings.mismatch(
      'report_invalid',
      'report.json',
      `report.json is not a report${place ? ` (at ${place})` : ''}; nothing else could be checked.`,
    )
    return findings.result()
  }
  const report = parsed.data
  await checkHashes(folder, report, findings)
  await checkRenderings(folder, report, deps.pageSource, findings)
  checkPapers(report, findings)
  checkClaimsAndCards(report, findings)
  checkSentences(report, findings)
  checkCitations(report, findings)
  await checkQuotations(report, deps.readDocument, findings)
  return findings.result()
}
