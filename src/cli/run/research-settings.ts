import { resolve } from 'node:path'
import type { ReviewRequest } from '../../contract/api/session.ts'
import type { ResearchOptions } from '../commands/research.ts'

/** What the flags ask of a review; folders are taken from where the command was given. */
export function requestOf(options: ResearchOptions): ReviewRequest {
  const { out, library, source, paper, maxPapers, maxRecords, since, until, review, analyst, chase } = options
  const { allowDownloads: downloads, allowDomains: domains, allowTokens: tokens } = options
  return defined({
    analyst,
    sources: source,
    libraryFolders: library,
    identifiers: paper,
    since,
    until,
    maxPapers,
    maxRecords,
    chase: chase === 'both' ? ['backward', 'forward'] : chase && [chase],
    allowed: defined({ downloads, domains, tokens }),
    reviewPlan: review === 'plan',
    output: out && resolve(out),
  })
}

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> }

/** Without what is undefined. */
function defined<Value extends object>(value: Value): Partial<Defined<Value>> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<
    Defined<Value>
  >
}
