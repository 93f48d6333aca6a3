import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { locationKinds } from '../../lab/corpus/locations.ts'
import { type Report, reportSchema } from '../../src/contract/report.ts'
import { outputFiles } from '../../src/publish/outputs.ts'
import { addressOf, firstPaper, laboratoryQuestion, startLaboratory } from '../support/laboratory.ts'
import { createPlace, eventsIn } from '../support/sheaf.ts'

const few = ['--max-records', '40', '--max-papers', '12']

function reportIn(folder: string): Report {
  return reportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))
}

function sum(counts: readonly { papers: number }[]): number {
  return counts.reduce((total, { papers }) => total + papers, 0)
}

/** The sums that `prismaSchema` promises. */
function expectSums({ prisma }: Report): void {
  const records = prisma.identified.reduce((total, { records }) => total + records, 0)
  expect(prisma.screened).toBe(records - prisma.duplicatesRemoved - sum(prisma.unreadable))
  expect(prisma.sought).toBe(prisma.screened - sum(prisma.excluded) - sum(prisma.background))
  expect(prisma.assessed).toBe(prisma.sought - sum(prisma.notRetrieved))
  expect(prisma.included).toBe(prisma.assessed - sum(prisma.notRead))
}

test('a review from arXiv and OpenAlex merges what both have, keeps every server’s rules, and a repeat asks nobody', async () => {
  await using lab = await startLaboratory()
  using place = await createPlace()
  const out = join(place.folder, 'first')
  const words = ['research', laboratoryQuestion, ...few, '--quiet']
  expect(await place.start([...words, '--out', out], lab.withoutModel).ended).toMatchObject({ code: 0 })

  const report = reportIn(out)
  expect(report.prisma.identified).toEqual([
    { source: 'arxiv', records: 40 },
    { source: 'openalex', records: 40 },
  ])
  expectSums(report)
  expect(report.prisma.included).toBeGreaterThan(8)
  const merged = report.papers.filter(({ records }) => records.length > 1)
  const spare = merged.reduce((total, { records }) => total + records.length - 1, 0)
  expect(spare).toBe(report.prisma.duplicatesRemoved)
  for (const { records, mergedBecause } of merged) {
    expect(new Set(records.map((key) => key.split(':')[0]))).toEqual(new Set(['arxiv', 'openalex']))
    expect(mergedBecause).not.toEqual([])
  }
  const hosts = report.papers.flatMap(({ retrieval = [] }) =>
    retrieval.filter(({ outcome }) => outcome === 'retrieved').map(({ url }) => new URL(url).host),
  )
  expect(new Set(hosts).size).toBeGreaterThan(2)
  expect((await place.sheaf('verify', out)).code).toBe(0)

  const asked = lab.scholarly.requests()
  expect(asked).toMatchObject({ arxiv: { count: 1, most: 1 }, openalex: { count: 1 } })
  const again = join(place.folder, 'again')
  expect(await place.start([...words, '--out', again], lab.withoutModel).ended).toMatchObject({ code: 0 })
  expect(lab.scholarly.requests()).toEqual(asked)
  for (const file of outputFiles)
    expect(readFileSync(join(again, file)).equals(readFileSync(join(out, file))), file).toBe(true)
  expect(lab.offences()).toEqual([])
}, 120_000)

test('works that a person named are found by every kind of name, and what hosts do wrong is said of each', async () => {
  await using lab = await startLaboratory()
  using place = await createPlace()
  const { corpus } = lab.scholarly
  const onTopic = (paper: { topic: { question: string }; aspect: string; retracted: boolean }) =>
    paper.topic.question === laboratoryQuestion && paper.aspect === 'answers' && !paper.retracted
  const byDoi = firstPaper(corpus, (paper) => onTopic(paper) && paper.doi !== undefined)
  const byArxiv = firstPaper(
    corpus,
    (paper) => onTopic(paper) && paper.arxivId !== undefined && paper.index !== byDoi.index,
  )
  const kinds = locationKinds.filter((kind) => kind !== 'none')
  const addresses = new Map(kinds.map((kind) => [addressOf(lab.scholarly, kind), kind]))
  const named = [byDoi.doi!, `arXiv:${byArxiv.arxivId}`, ...addresses.keys(), 'no such thing']
  const out = join(place.folder, 'review')
  const words = ['research', laboratoryQuestion, '--out', out, '--max-records', '10', '--source', 'openalex']
  const run = await place.start(
    [...words, '--chase', 'both', ...named.flatMap((name) => ['--paper', name]), '--json'],
    lab.withoutModel,
  ).ended
  expect(run).toMatchObject({ code: 0, stderr: '' })
  const report = reportIn(out)
  expectSums(report)
  const identified = Object.fromEntries(
    report.prisma.identified.map(({ source, records }) => [source, records]),
  )
  expect(identified).toEqual({
    given: named.length,
    openalex: 10,
    'openalex, references': expect.any(Number),
    'openalex, citing works': expect.any(Number),
  })
  expect(report.prisma.unreadable).toEqual([{ reason: 'address_refused', papers: 1 }])

  const paperOf = (name: string) => report.papers.find(({ records }) => records.includes(`given:${name}`))!
  expect(paperOf(byDoi.doi!).fields).toMatchObject({ doi: byDoi.doi, title: byDoi.title })
  expect(paperOf(`arXiv:${byArxiv.arxivId}`).fields).toMatchObject({ arxivId: byArxiv.arxivId })
  const cameOf = [...addresses].map(([address, kind]) => {
    const { retrieval = [], failure } = paperOf(address)
    return [kind, failure?.code ?? retrieval.at(-1)!.outcome]
  })
  expect(Object.fromEntries(cameOf)).toEqual({
    good: 'retrieved',
    slow: 'retrieved',
    'wrong-type': 'retrieved',
    redirected: 'retrieved',
    forbidden: 'refused_by_host',
    html: 'not_a_full_text',
    truncated: 'truncated',
    'redirect-loop': 'unreachable',
    'redirect-private': 'address_refused',
    huge: 'unreachable',
    'gzip-bomb': 'unreachable',
  })
  const shown = readFileSync(join(out, 'report.md'), 'utf8')
  for (const words of ['redirects in a circle', 'leads into a private network', 'HTTP 403', 'names no work'])
    expect(shown).toContain(words)
  expect(lab.offences()).toEqual([])
}, 120_000)

test('a source that fails leaves the other’s results; when all fail the review says so and goes on when they are back', async () => {
  await using lab = await startLaboratory()
  using place = await createPlace()
  const without = (...names: string[]) => ({
    ...lab.withoutModel,
    SHEAF_ENDPOINTS: [
      lab.withoutModel.SHEAF_ENDPOINTS,
      ...names.map((name) => `${name}=${lab.scholarly.origin}/gone`),
    ].join(','),
  })
  const out = join(place.folder, 'one')
  const words = ['research', laboratoryQuestion, '--max-records', '20', '--max-papers', '6', '--json']
  const one = await place.start([...words, '--out', out], without('arxiv')).ended
  expect(one).toMatchObject({ code: 0 })
  const report = reportIn(out)
  expect(report.prisma.identified).toEqual([{ source: 'openalex', records: 20 }])
  expect(report.prisma.included).toBeGreaterThan(0)
  expect(report.failures).toEqual([
    { phase: 'collect', item: 'arxiv', message: expect.stringContaining('HTTP 404') },
  ])
  expect(report.reviewLimitations).toContain('arxiv could not be searched; what is only there is missing.')

  // Answers of an hour ago would do, so another question.
  const other = ['research', 'Does calibrated decoding reduce hallucination?', ...words.slice(2)]
  const later = join(place.folder, 'later')
  const failed = await place.start([...other, '--out', later], without('arxiv', 'openalex')).ended
  const session = eventsIn(failed.stdout)[0]!.session
  expect(failed.code).toBe(1)
  for (const said of ['No papers could be collected', 'arXiv', 'OpenAlex', `--resume ${session}`])
    expect(failed.stderr).toContain(said)
  const back = await place.start(['research', '--resume', session, '--quiet'], lab.withoutModel).ended
  expect(back).toMatchObject({ code: 0 })
  expect(reportIn(later).prisma.identified.map(({ source }) => source)).toEqual(['arxiv', 'openalex'])
  expect(reportIn(later).failures).toEqual([])
  expect(lab.offences()).toEqual([])
}, 120_000)
