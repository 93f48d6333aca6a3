import { type DryRun, dryRunSchema } from '../contract/api/plan.ts'
import type { SessionSettings } from '../contract/settings.ts'
import type { Deployment } from './deployment.ts'

/** The plan of a review and what it would search and read. Nothing is started, and no source of the world is asked. */
export async function planReview(
  deployment: Pick<Deployment, 'analyst' | 'sources'>,
  question: string,
  settings: SessionSettings,
  signal?: AbortSignal,
): Promise<DryRun & { output: string }> {
  const sources = [...deployment.sources(settings).values()]
  const { since, until, maxPapers, output } = settings
  const request = { question, since, until, maxPapers, sources: sources.map(({ name }) => name) }
  const draft = await deployment.analyst(settings, 'dry-run').plan(request, signal)
  const plan = {
    ...draft,
    sources: sources.map((source) => ({ source: source.name, query: source.query(draft) })),
  }
  const listed = await Promise.all(
    sources.map(async (source) =>
      (await source.list(plan, signal)).map(({ reference, label }) => ({
        source: source.name,
        reference,
        ...(label !== undefined && { label }),
      })),
    ),
  )
  return { ...dryRunSchema.parse({ plan, items: listed.flat() }), output }
}
