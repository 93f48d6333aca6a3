import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, manifestSchema, type Report } from '../../contract/report.ts'
import { sha256 } from '../folder.ts'
import { renderHtml } from '../html/page.ts'
import { parseJson } from '../json.ts'
import { outputFiles, renderTextOutputs } from '../outputs.ts'
import { collectPictures, type PageSource } from '../pictures.ts'
import { picturesIn, withoutPictures } from './pages.ts'
import type { Findings } from './result.ts'

/** The text of a file in the folder, `undefined` where there is none that can be read. */
export async function textOf(folder: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, file), 'utf8')
  } catch {
    return undefined
  }
}

/** Every file against the hash that the manifest lists, and the manifest against the report's documents. */
export async function checkHashes(folder: string, report: Report, findings: Findings): Promise<void> {
  const manifest = manifestSchema.safeParse(parseJson((await textOf(folder, 'manifest.json')) ?? ''))
  if (!manifest.success) {
    findings.mismatch(
      'manifest_invalid',
      'manifest.json',
      'manifest.json is not there or is not a manifest; hashes could not be checked.',
    )
    return
  }
  const listed = new Map(manifest.data.outputs.map((output) => [output.file, output]))
  for (const file of outputFiles) {
    const output = listed.get(file)
    if (!output) {
      findings.mismatch('manifest_invalid', file, `manifest.json does not list ${file}.`)
      continue
    }
    const text = await textOf(folder, file)
    if (text === undefined) continue
    if (sha256(text) !== output.sha256 || Buffer.byteLength(text) !== output.bytes) {
      findings.mismatch('file_changed', file, `${file} was changed after the report was written.`)
    } else findings.held('files_unchanged')
  }
  checkInputs(report, manifest.data, findings)
}

function checkInputs(report: Report, manifest: Manifest, findings: Findings): void {
  const hashes = new Set(manifest.inputs.map((input) => input.sha256))
  for (const { id, files } of report.documents) {
    if (id !== undefined && !hashes.has(id)) {
      const name = files[0] ?? id
      findings.mismatch(
        'manifest_invalid',
        name,
        `manifest.json does not list ${name} with the hash that the report gives it.`,
      )
    }
  }
}

/**
 * Renders every file again from report.json and compares. The page's pictures are drawn again where a source of pages is
 * given; else their bytes and marks are left out of the comparison, which the result says.
 */
export async function checkRenderings(
  folder: string,
  report: Report,
  source: PageSource | undefined,
  findings: Findings,
): Promise<void> {
  const texts = renderTextOutputs(report)
  for (const file of outputFiles) {
    const found = await textOf(folder, file)
    if (found === undefined) {
      findings.mismatch('file_missing', file, `${file} is not there.`)
      continue
    }
    const same =
      file === 'report.html'
        ? withoutPictures(found) === withoutPictures(renderHtml(report, picturesIn(found)))
        : found === texts[file]
    if (same) findings.held('files_say_the_same')
    else findings.mismatch('file_differs', file, `${file} does not say what report.json says.`)
    if (file !== 'report.html' || !same) continue
    if (!source) findings.notChecked('The pictures of pages in report.html were not drawn again.')
    else if (found === renderHtml(report, await collectPictures(report, source))) findings.held('pictures')
    else
      findings.mismatch(
        'picture_differs',
        file,
        'A picture of a page in report.html, or a mark on one, is not what the documents give.',
      )
  }
}
