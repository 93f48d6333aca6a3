import type { ReadDocument } from '../../src/contract/document.ts'
import type { EvidenceSpan } from '../../src/contract/evidence.ts'
import type { Manifest, Report, Sentence } from '../../src/contract/report.ts'
import type { Audit, Claim } from '../../src/contract/synthesis.ts'
import { sampleDocument, samplePicture, sampleRectangles } from './pages.ts'
import { cardOf, decisionOf, digits, documentsOf, isReadable, paperOf, recordsOf, spansOf } from './papers.ts'
import { type SampleStudy, sampleStudies } from './studies.ts'

const question = 'How accurately do glow lanterns forecast the tides of the Vael estuary?'

/** Studies whose full text can be read, with their documents. */
function readable(): { study: SampleStudy; document: ReadDocument }[] {
  return sampleStudies.filter(isReadable).map((study) => ({ study, document: sampleDocument(study) }))
}

/** The documents of {@link sampleReport} as the reader would give them, by identity. */
export function sampleDocuments(): Map<string, ReadDocument> {
  return new Map(readable().map(({ document }) => [document.id, document]))
}

/** What publishing asks for besides the report: pictures of pages and where quotations stand on them. */
export function samplePageSource() {
  const documents = sampleDocuments()
  return {
    renderPage: async (id: string, page: number) => {
      const found = documents.get(id)?.pages[page - 1]
      return found && samplePicture(found)
    },
    rectanglesOf: async (span: EvidenceSpan) => {
      const document = documents.get(span.locator.document)
      return document ? sampleRectangles(document, span) : []
    },
  }
}

/** How the sample report came about, as publishing is told. */
export function sampleProvenance(): Omit<Manifest, 'schema' | 'outputs'> {
  return {
    session: 'sample',
    startedAt: '2026-11-23T10:00:00.000Z',
    finishedAt: '2026-11-23T10:04:30.000Z',
    versions: { sheaf: '0.1.0', node: '24.21.0' },
    settings: { analyst: 'extractive' },
    queries: [{ source: 'library', query: 'glow lantern tide forecast', records: 12 }],
    inputs: readable().map(({ study, document }) => ({ path: study.file!, sha256: document.id })),
  }
}

/**
 * A complete and valid report of eleven invented papers: six were read, one is a scan, one could not be had, one is
 * background, one was excluded, one cannot be read at all. Every quotation stands on its page in {@link sampleDocuments}.
 * A fresh value at every call, so a test may change it.
 */
export function sampleReport(): Report {
  const papers = sampleStudies.map(paperOf)
  const read = papers.slice(0, 6)
  const spans = read.flatMap((paper, index) => spansOf(paper, sampleStudies[index]!))
  const span = (paper: number, field: EvidenceSpan['field']) =>
    spans.find((one) => one.paperId === read[paper]!.id && one.field === field)!
  const ids = (...indexes: number[]) => indexes.map((index) => papers[index]!.id)
  const claims: Claim[] = []
  const audits: Audit[] = []
  const claim = (
    themeId: string,
    text: string,
    resting: EvidenceSpan[],
    verdict: Audit['verdict'] = 'supported',
  ) => {
    const id = `c${digits(text)}`
    claims.push({ id, themeId, text, spans: resting.map((one) => one.id), salience: 0.8, uncertainty: 'low' })
    const passed = verdict === 'supported' || verdict === 'repaired'
    audits.push({
      claimId: id,
      verdict,
      severity: verdict === 'supported' ? 'none' : verdict === 'repaired' ? 'minor' : 'major',
      reason: passed
        ? 'All words and figures stand in the quotations.'
        : 'The figure stands in no quotation.',
      ...(passed ? { publishedText: text } : {}),
    })
    return id
  }
  const calibrated = claim(
    't1',
    'Two-point calibration lowered the mean absolute error from 6.1 cm to 2.3 cm.',
    [span(0, 'result')],
  )
  const visits = claim(
    't1',
    'Lanterns that calibrate themselves come close to this without a visit: 2.6 cm against 2.3 cm.',
    [span(1, 'result'), span(0, 'result')],
    'repaired',
  )
  claim('t1', 'Calibration solves drift in all weathers.', [span(0, 'limitation')], 'removed')
  const harmonic = claim(
    't2',
    'Harmonic regression reached a root mean square error of 4.8 cm at six hours, about half that of the tide table.',
    [span(2, 'result')],
  )
  const level = claim('t2', 'On Skerry-9 a recurrent network did not improve on harmonic regression.', [
    span(3, 'result'),
  ])
  const surges = claim('t2', 'Storm surges are outside what eight constituents can express.', [
    span(2, 'limitation'),
  ])
  const harbours = claim('t3', 'In two harbours the recurrent network outperformed harmonic regression.', [
    span(4, 'result'),
  ])
  const fog = claim('t3', 'In fog the mean absolute error rose to 7.9 cm even after two-point calibration.', [
    span(5, 'result'),
  ])
  const themes = [
    {
      id: 't1',
      label: 'Calibrating lanterns',
      description: 'These studies remove the drift of single lanterns before anything is forecast.',
      keywords: ['calibration', 'drift', 'slack water'],
      paperIds: ids(0, 1, 5),
    },
    {
      id: 't2',
      label: 'Forecasting from arrays',
      description: 'These studies forecast the tide some hours ahead from many lanterns at once.',
      keywords: ['harmonic', 'recurrent', 'six hours'],
      paperIds: ids(2, 3),
    },
    {
      id: 't3',
      label: 'Lanterns in use',
      description: 'These studies observe forecasts where pilots depend on them.',
      keywords: ['pilots', 'fog', 'harbour'],
      paperIds: ids(4),
    },
  ]
  const relation = {
    id: `r${digits('harmonic')}`,
    kind: 'contradiction' as const,
    themeId: 't2',
    claims: [level, harbours],
    statement: 'Whether a recurrent network forecasts better than harmonic regression is contested.',
  }
  const agreement = {
    id: `r${digits('calibration')}`,
    kind: 'agreement' as const,
    themeId: 't1',
    claims: [calibrated, visits],
    statement: 'Both calibration studies bring the mean absolute error below three centimetres.',
  }
  const gaps = [
    {
      id: `g${digits('fog')}`,
      kind: 'open_problem' as const,
      origin: 'limitations' as const,
      title: 'Calibration in fog',
      description:
        'Calibration has hardly been tested in fog: one study has not tried, another had eleven nights.',
      spans: [span(0, 'limitation').id, span(5, 'limitation').id],
    },
    {
      id: `g${digits('contested')}`,
      kind: 'next_experiment' as const,
      origin: 'contradiction' as const,
      title: 'Learned against harmonic forecasts on one archive',
      description:
        'A comparison of recurrent and harmonic forecasts on a large common archive would settle the contradiction.',
      spans: [span(3, 'limitation').id, span(4, 'result').id],
    },
    {
      id: `g${digits('cell')}`,
      kind: 'research_opportunity' as const,
      origin: 'empty_cell' as const,
      title: 'Skerry-9 in use',
      description: 'No paper of the theme “Lanterns in use” reports on Skerry-9.',
      spans: [],
    },
  ]
  const numbering = new Map<string, { number: number; paperId: string }>()
  const cite = (spanIds: readonly string[]): number[] =>
    spanIds
      .map((id) => {
        const known = numbering.get(id)?.number
        if (known !== undefined) return known
        const paperId = spans.find((one) => one.id === id)!.paperId
        numbering.set(id, { number: numbering.size + 1, paperId })
        return numbering.size
      })
      .sort((one, other) => one - other)
  const finding = (id: string): Sentence => {
    const text = audits.find((audit) => audit.claimId === id)!.publishedText!
    return { kind: 'finding', text, citations: cite(claims.find((one) => one.id === id)!.spans), claim: id }
  }
  const link = (text: string): Sentence => ({ kind: 'link', text, citations: [] })
  const claimSpans = (claimIds: readonly string[]) => [
    ...new Set(claimIds.flatMap((id) => claims.find((one) => one.id === id)!.spans)),
  ]
  const summary = [finding(calibrated), finding(harmonic), finding(harbours)]
  const synthesis = [
    {
      themeId: 't1',
      title: themes[0]!.label,
      paragraphs: [[link(themes[0]!.description)], [finding(calibrated), finding(visits)]],
    },
    {
      themeId: 't2',
      title: themes[1]!.label,
      paragraphs: [[link(themes[1]!.description)], [finding(harmonic), finding(level)], [finding(surges)]],
    },
    {
      themeId: 't3',
      title: themes[2]!.label,
      paragraphs: [[link(themes[2]!.description)], [finding(harbours), finding(fog)]],
    },
  ]
  const relationSentences = [agreement, relation].map(
    (one): Sentence => ({ kind: 'finding', text: one.statement, citations: cite(claimSpans(one.claims)) }),
  )
  const gapSentences = gaps.map(
    (gap): Sentence => ({
      kind: gap.spans.length > 0 ? 'finding' : 'link',
      text: gap.description,
      citations: cite(gap.spans),
    }),
  )
  const citations = [...numbering].map(([spanId, entry]) => ({
    number: entry.number,
    span: spanId,
    paperId: entry.paperId,
  }))
  return {
    schema: 'sheaf-report/1.0',
    title: 'Forecasting the tides of the Vael estuary with glow lanterns',
    plan: {
      question,
      researchQuestions: [
        'How is the drift of lanterns removed?',
        'Which forecasters are accurate six hours ahead?',
        'What happens when pilots use the forecasts?',
      ],
      inclusion: ['The paper reports an evaluation of lantern measurements or forecasts.'],
      exclusion: ['The paper is about lanterns as goods or as decoration.'],
      concepts: [
        { term: 'glow lantern', synonyms: ['lantern array', 'estuarine lantern'] },
        { term: 'tide forecast', synonyms: ['tide prediction'] },
      ],
      since: 1980,
      sources: [{ source: 'library', query: '(glow lantern OR lantern array) AND (tide forecast)' }],
    },
    analyst: 'extractive',
    prisma: {
      identified: [{ source: 'library', records: 12 }],
      duplicatesRemoved: 1,
      unreadable: [{ reason: 'damaged', papers: 1 }],
      screened: 10,
      excluded: [{ reason: 'out_of_scope', papers: 1 }],
      background: [{ reason: 'survey_context', papers: 1 }],
      sought: 8,
      notRetrieved: [{ reason: 'no_open_access', papers: 1 }],
      assessed: 7,
      notRead: [{ reason: 'needs_ocr', papers: 1 }],
      included: 6,
    },
    records: papers.flatMap(recordsOf),
    papers,
    decisions: papers.slice(0, 10).map(decisionOf),
    documents: documentsOf(),
    spans,
    rejectedQuotations: [
      { paperId: papers[1]!.id, field: 'result', quotation: 'Self-calibration removed all drift.' },
    ],
    cards: read.map((paper, index) => cardOf(paper, sampleStudies[index]!, spans)),
    themes,
    claims,
    audits,
    relations: [agreement, relation],
    matrix: {
      themes: ['t1', 't2', 't3'],
      datasets: ['Vael-40', 'Skerry-9', 'Harbour-2'],
      metrics: ['mean absolute error', 'root mean square error'],
      cells: [
        cell('t1', 'Vael-40', 'mean absolute error', ids(0, 1, 5)),
        cell('t1', 'Skerry-9', 'mean absolute error', ids(1)),
        cell('t2', 'Vael-40', 'root mean square error', ids(2)),
        cell('t2', 'Skerry-9', 'root mean square error', ids(3)),
        cell('t3', 'Harbour-2', 'root mean square error', ids(4)),
      ],
    },
    gaps,
    summary,
    synthesis,
    relationSentences,
    gapSentences,
    reviewLimitations: [
      'Papers were chosen and read by a program; no person checked the screening.',
      'One paper could not be had in full and one is a scan, so their findings are missing here.',
    ],
    citations,
    references: [...new Set(citations.map((citation) => citation.paperId))].map((paperId, index) => ({
      number: index + 1,
      paperId,
    })),
    failures: [
      {
        phase: 'read',
        item: 'misc/broken.pdf',
        message: 'The file’s cross-reference table is damaged | <b>lost</b>.',
      },
    ],
  }
}

function cell(theme: string, dataset: string, metric: string, paperIds: string[]) {
  return { theme, dataset, metric, paperIds, spans: [] }
}
