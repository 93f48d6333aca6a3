import { SheafError } from '../../../errors.ts'
import { readBibtex } from './bibtex.ts'
import type { CompanionReading } from './companion.ts'
import { readCslJson } from './csl.ts'
import { readCsv } from './csv.ts'
import { readRis } from './ris.ts'

/** A companion file beyond this size is not read. Zotero exports of 10,000 references take about 20 MB. */
const largestCompanion = 50 * 1024 * 1024

const readers: Record<string, (content: string) => CompanionReading> = {
  bib: readBibtex,
  bibtex: readBibtex,
  biblatex: readBibtex,
  ris: readRis,
  json: readCslJson,
  csv: readCsv,
  tsv: readCsv,
}

/** Reads a companion file by its ending; `read` gives its bytes, and throws a RangeError beyond `most`. Whatever is wrong with it is a problem in what it gives, never an error. */
export async function readCompanion(
  path: string,
  read: (path: string, most: number) => Promise<Buffer>,
): Promise<CompanionReading> {
  const problem = (message: string): CompanionReading => ({ entries: [], problems: [{ message }] })
  try {
    const bytes = await read(path, largestCompanion)
    const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
    return readers[ending]?.(decode(bytes)) ?? problem('The format is not known.')
  } catch (thrown) {
    if (SheafError.isInstance(thrown) && thrown.retryable) throw thrown
    if (thrown instanceof RangeError) return problem('The file is larger than 50 MB and was not read.')
    return problem('The file cannot be opened.')
  }
}

/** UTF-8, UTF-16 with a byte order mark (as Windows programs write), else Latin-1, which every byte is valid in. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
