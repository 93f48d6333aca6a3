import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabOptions, RunningLab } from '../../lab/lab.ts'
import { keepDocuments } from '../../src/blobs/documents.ts'
import { keepPictures } from '../../src/blobs/pictures.ts'
import { addressMemory } from '../../src/compose/address-memory.ts'
import { openBlobs } from '../../src/compose/blobs.ts'
import { loadConfig } from '../../src/config.ts'
import { readerLimitsSchema } from '../../src/documents/limits.ts'
import { createReader } from '../../src/documents/reader.ts'
import { createArchive } from '../../src/pipeline/read/archive.ts'
import { createFullTexts } from '../../src/sources/hosts/full-texts.ts'
import type { Figure } from './figure.ts'
import { openSourcesStage } from './sources-stage.ts'
import { secondsOf, together } from './stage.ts'

/** Documents that one process works on at once, as its workers do (`src/compose/workers.ts`). */
const atOnce = 16
const here = '127.0.0.1'

interface Case {
  readonly name: string
  readonly papers: number
  readonly lab: LabOptions
  /** By whose terms its host is asked. */
  readonly hostname?: string
  readonly atLeast?: number
}

const cases: readonly Case[] = [
  { name: 'one host', papers: 60, lab: { politeHosts: 1 } },
  {
    name: 'arXiv',
    papers: 120,
    // A tenth of a second less than the two that it asks for, as requests arrive otherwise than they were sent.
    lab: { politeHosts: 1, hostTerms: { requests: 4, within: 1_900, atOnce: 4 } },
    hostname: 'export.arxiv.org',
    atLeast: 100,
  },
  { name: 'eight hosts', papers: 320, lab: { politeHosts: 8 }, atLeast: 100 },
]

/** PDFs that are fetched from hosts which answer as slowly as real ones, and mind haste; each is kept, read and stored. */
export async function fetching(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const one of cases) figures.push(...(await measure(one)))
  return figures
}

async function measure({ name, papers, lab: options, hostname = here, atLeast }: Case): Promise<Figure[]> {
  await using stage = await openSourcesStage(options)
  const { lab, sql, cache, upstream } = stage
  const home = mkdtempSync(join(tmpdir(), 'sheaf-fetching-'))
  const fullTexts = createFullTexts({
    upstream: {
      request: (asked) => upstream.request({ ...asked, url: asked.url.replace(hostname, here) }),
    },
    finders: [],
  })
  await using reader = createReader()
  const { blobs, files } = openBlobs(loadConfig({ SHEAF_HOME: home }, home))
  const archive = createArchive({
    sql,
    reader,
    files,
    documents: keepDocuments(blobs),
    pictures: keepPictures(blobs, 'bench'),
    addresses: addressMemory(cache),
    largestFile: readerLimitsSchema.parse({}).fileBytes,
  })

  let read = 0
  const seconds = await secondsOf(() =>
    together(addressesIn(lab, papers, hostname), atOnce, async (url) => {
      const outcome = await archive.readAddress(url, () => fullTexts.download(url))
      if (outcome.ok) read += 1
    }),
  )
  rmSync(home, { recursive: true })
  return [
    { name: `${name}: PDFs read`, value: read, unit: 'PDFs', atLeast: papers },
    { name: `${name}: a minute`, value: (read / seconds) * 60, unit: 'PDFs', ...(atLeast && { atLeast }) },
    { name: `${name}: violations`, value: lab.violations().length, unit: '', atMost: 0 },
  ]
}

/** Addresses of so many papers that can be had at once. */
function addressesIn({ corpus, fullTextOf }: RunningLab, count: number, hostname: string): string[] {
  const addresses: string[] = []
  for (let index = 0; addresses.length < count; index += 1)
    if (corpus.paper(index).location === 'good') addresses.push(fullTextOf(index)!.replace(here, hostname))
  return addresses
}
