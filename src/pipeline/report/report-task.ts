import type { Manifest } from '../../contract/report.ts'
import { highlightsOf } from '../../publish/pictures.ts'
import { publish } from '../../publish/publish.ts'
import { pageSizes } from '../../store/documents.ts'
import { rejectedQuotationsOf } from '../../store/evidence.ts'
import { filesHaving } from '../../store/library.ts'
import { costOf } from '../../store/model-costs.ts'
import { papersOf, recordsOf } from '../../store/papers.ts'
import { decisionsOf } from '../../store/screening.ts'
import { auditsOf, claimsOf, findMatrix, gapsOf, relationsOf, themesOf } from '../../store/synthesis.ts'
import { taskFailures } from '../../store/tasks.ts'
import { coreEvidence } from '../core-papers.ts'
import { planOf, type TaskContext, type TaskKind, whole } from '../task.ts'
import { assembleReport, type ReviewMaterial } from './assemble.ts'
import { documentsOf } from './documents.ts'
import { judgesInWords, judgesOf } from './judges.ts'

/** Writes the report and publishes it into the session's folder. */
export const reportTask: TaskKind = {
  name: 'report',
  phase: 'report',
  queue: 'synthesis',
  essential: true,

  items: async () => [...whole],

  async run(context) {
    const material = await materialOf(context)
    const pagesOf = rememberingLast((document: string) => context.archive.pages(document))
    const sizesOf = rememberingLast((document: string) => pageSizes(context.sql, document))
    await publish(assembleReport(material), context.settings.output, {
      provenance: await provenanceOf(context, material),
      renderPage: async (document, page) =>
        pictureOf(context, document, page, (await sizesOf(document)).get(page)),
      rectanglesOf: async (span) => highlightsOf(span, await pagesOf(span.locator.document)),
    })
    return async () => {}
  },

  async counts(context) {
    const { spans } = await coreEvidence(context)
    return { 'quotations in evidence': spans.length }
  },
}

async function materialOf(context: TaskContext): Promise<ReviewMaterial> {
  const { sql, session, settings } = context
  const records = await recordsOf(sql, session.id)
  const papers = await papersOf(sql, session.id)
  const judges = await judgesOf(context)
  return {
    plan: planOf(context),
    analyst: judgesInWords(judges, settings.analyst),
    fallbacks: judges.fallbacks,
    records,
    papers,
    decisions: await decisionsOf(sql, session.id),
    documents: await documentsOf(sql, records, papers),
    rejectedQuotations: await rejectedQuotationsOf(sql, session.id),
    ...(await coreEvidence(context)),
    themes: await themesOf(sql, session.id),
    claims: await claimsOf(sql, session.id),
    audits: await auditsOf(sql, session.id),
    relations: await relationsOf(sql, session.id),
    matrix: (await findMatrix(sql, session.id)) ?? { themes: [], datasets: [], metrics: [], cells: [] },
    gaps: await gapsOf(sql, session.id),
    failures: await taskFailures(sql, session.id),
  }
}

async function provenanceOf(
  { sql, session, settings, versions }: TaskContext,
  { plan, records, documents }: ReviewMaterial,
): Promise<Omit<Manifest, 'schema' | 'outputs'>> {
  const { total } = await costOf(sql, session.id)
  const inputs: Manifest['inputs'] = []
  for (const { id, files } of documents) {
    const [path] = id === undefined ? [] : await filesHaving(sql, id)
    for (const file of path === undefined ? files : files.slice(0, 1))
      inputs.push({ path: path ?? file, ...(id === undefined ? {} : { sha256: id }) })
  }
  return {
    session: session.id,
    startedAt: session.createdAt.toISOString(),
    finishedAt: new Date().toISOString(),
    versions: { ...versions },
    settings: { ...settings },
    queries: plan.sources.map(({ source, query }) => ({
      source,
      query,
      records: records.filter((record) => record.source === source).length,
    })),
    inputs,
    ...(total.calls + total.kept > 0 ? { models: total } : {}),
  }
}

/** Asks once for what is asked for several times in a row: quotations of one document stand together. */
function rememberingLast<Value>(get: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  let last: { key: string; value: Promise<Value> } | undefined
  return (key) => {
    if (last?.key !== key) last = { key, value: get(key) }
    return last.value
  }
}

async function pictureOf(
  { archive }: TaskContext,
  document: string,
  page: number,
  size: { readonly width: number; readonly height: number } | undefined,
) {
  const picture = size && (await archive.picture(document, page))
  return picture && { ...picture, pageWidth: size.width, pageHeight: size.height }
}
