import { type Manifest, type Report, reportSchema } from '../contract/report.ts'
import { sha256, writeFolder } from './folder.ts'
import { outputFiles, renderOutputs } from './outputs.ts'
import { collectPictures, type PageSource } from './pictures.ts'

/** Writes files into a folder, as {@link writeFolder} does. */
export type FolderWriter = (folder: string, files: ReadonlyMap<string, string>) => Promise<void>

/** What publishing needs besides the report. */
export interface PublishDependencies extends PageSource {
  /** How the report came about; goes into manifest.json with the hashes of what was written. */
  provenance: Omit<Manifest, 'schema' | 'outputs'>
  /** Writes elsewhere than into a folder of this machine. */
  write?: FolderWriter
}

/** A file that was written, with its hash and length. */
export interface PublishedFile {
  file: string
  sha256: string
  bytes: number
}

/**
 * Writes a report's files into a folder, all or nothing (see {@link writeFolder}), and returns them, manifest.json last.
 * All but the manifest depend on the report and the pictures of its pages alone: the same report gives the same bytes.
 *
 * @throws SheafError `conflict` when a file that is not this report's is in the way, `output_unavailable` when the folder
 * cannot be written. What the page source throws passes through.
 */
export async function publish(
  report: Report,
  folder: string,
  deps: PublishDependencies,
): Promise<PublishedFile[]> {
  const canonical = reportSchema.parse(report)
  const rendered = renderOutputs(canonical, await collectPictures(canonical, deps))
  const outputs = outputFiles.map((file) => described(file, rendered[file]))
  const manifest: Manifest = { schema: 'sheaf-manifest/1.0', ...deps.provenance, outputs }
  const manifestText = `${JSON.stringify(manifest, null, 2)}\n`
  const write = deps.write ?? writeFolder
  await write(
    folder,
    new Map([...outputFiles.map((file) => [file, rendered[file]] as const), ['manifest.json', manifestText]]),
  )
  return [...outputs, described('manifest.json', manifestText)]
}

function described(file: string, text: string): PublishedFile {
  return { file, sha256: sha256(text), bytes: Buffer.byteLength(text) }
}
