import { type Context, Hono } from 'hono'
import { indexOf } from '../corpus/identifiers.ts'
import { recordOf } from '../corpus/records.ts'
import { QuerySyntaxError } from '../search/expression.ts'
import { searchBoolean } from '../search/search-boolean.ts'
import type { Field } from '../search/vocabulary.ts'
import { createWindow } from '../violations.ts'
import { dateOf, element, wholeOf, xml } from './answers.ts'
import { type Lab, type LabEnvironment, simulated } from './simulate.ts'

/** Milliseconds that must lie between two requests; what networks may take away from it is let pass. */
const spacing = 3_000
const tolerance = 100
/** Offences in a minute after which requests are refused. */
const mostOffences = 3
/** Results of one call, and in all. */
const largestPage = 2_000
const mostResults = 30_000
/** The window of the search engine behind the service, which fails beyond. */
const engineWindow = 10_000

const fields: Readonly<Record<string, Field | 'category'>> = {
  ti: 'title',
  abs: 'abstract',
  all: 'any',
  cat: 'category',
}
const identifier = /^(?:(?<id>\d{4}\.\d{4,5})|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v(?<version>\d{1,2}))?$/

/**
 * arXiv's API as it was rewritten in 2025: Atom feeds; refusals are feeds too, with status 400 and one entry. One request in
 * three seconds on one connection; who does not keep to it is refused after some offences, with a Retry-After or without.
 */
export function arxivServer(lab: Lab): Hono<LabEnvironment> {
  const { corpus, ledger, now } = lab
  let last = Number.NEGATIVE_INFINITY
  let refusals = 0
  let offences: number[] = []

  function offend(kind: string, detail: string): void {
    offences.push(now())
    ledger.violate('arxiv', kind, now(), detail)
  }

  function check(_: unknown, underWay: number): Response | undefined {
    const passed = now() - last
    last = now()
    if (underWay > 1) offend('too_many_connections', `${underWay} requests at once`)
    if (passed < spacing - tolerance) offend('too_early', `${Math.round(passed)} ms after the request before`)
    offences = offences.filter((at) => at > now() - 60_000)
    return offences.length > mostOffences ? tooMany(refusals++ % 2 === 0) : undefined
  }

  function answer(parameters: Record<string, string>, fault: string | undefined): Response {
    const query = parameters.search_query ?? ''
    const list = (parameters.id_list ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '')
    const start = wholeOf(parameters.start || undefined, 0)
    const most = wholeOf(parameters.max_results || undefined, 10)
    if (Number.isNaN(start)) return refusal('start must be an integer', 'start_must_be_an_integer')
    if (Number.isNaN(most)) return refusal('max_results must be an integer', 'max_results_must_be_an_integer')
    if (start < 0) return refusal('start must be non-negative', 'start_must_be_non-negative')
    if (most < 0) return refusal('max_results must be non-negative', 'max_results_must_be_non-negative')
    if (most > largestPage || start + most > mostResults)
      return refusal(
        `max_results must not exceed ${largestPage}, nor the results in all ${mostResults}`,
        'max_results_too_large',
      )
    if (start + most > engineWindow) return new Response('Internal Server Error', { status: 500 })
    for (const id of list) {
      if (!identifier.test(id))
        return refusal(`incorrect id format for ${id}`, `incorrect_id_format_for_${id}`)
    }
    if (query === '' && list.length === 0) return feed(parameters, [], 0, start, most)
    let found: { index: number; version: number | undefined }[]
    try {
      found = find(query, list, parameters)
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error
      return refusal(`malformed query: ${error.message}`, 'malformed_query')
    }
    if (fault === 'empty') return feed(parameters, [], 0, start, most)
    const entries = found.slice(start, start + most).map(({ index, version }) => entryOf(lab, index, version))
    return feed(parameters, entries, found.length, start, most)
  }

  function find(query: string, list: string[], { sortBy }: Record<string, string>) {
    const listed = list.flatMap((text) => {
      const { id, version } = identifier.exec(text)!.groups!
      const index = id === undefined ? undefined : indexOf.arxiv(id)
      if (index === undefined || index >= corpus.size) return []
      const { arxivId, arxivVersion } = corpus.paper(index)
      const asked = version === undefined ? undefined : Number(version)
      return arxivId === id && (asked ?? 1) <= arxivVersion ? [{ index, version: asked }] : []
    })
    if (query === '') return listed
    const indices = searchBoolean(lab, 'arxiv', query, {
      fields,
      beside: 'or',
      newestFirst: sortBy === 'submittedDate' || sortBy === 'lastUpdatedDate',
    })
    if (list.length > 0) {
      const among = new Set(indices)
      return listed.filter(({ index }) => among.has(index))
    }
    return Array.from(indices, (index) => ({ index, version: undefined }))
  }

  const app = new Hono<LabEnvironment>()
  const limited = simulated(lab, 'arxiv', {
    check,
    faults: { '429': () => tooMany(false), '429-with-time': () => tooMany(true), empty: undefined },
  })
  const parametersOf = async (context: Context<LabEnvironment>): Promise<Record<string, string>> => {
    if (context.req.method === 'GET') return context.req.query()
    return Object.fromEntries(new URLSearchParams(await context.req.text()))
  }
  app.on(['GET', 'POST'], '/api/query', limited, async (context) =>
    answer(await parametersOf(context), context.get('fault')),
  )

  const bursts = createWindow(4, 1_000)
  app.get('/pdf/:name', simulated(lab, 'host:arxiv'), async (context) => {
    if (!bursts.allow(now()))
      ledger.violate('host:arxiv', 'too_fast', now(), 'more than four files in a second')
    const { id, version } = identifier.exec(context.req.param('name').replace(/\.pdf$/, ''))?.groups ?? {}
    const index = id === undefined ? undefined : indexOf.arxiv(id)
    const paper = index !== undefined && index < corpus.size ? corpus.paper(index) : undefined
    if (!paper || paper.arxivId !== id || Number(version ?? 1) > paper.arxivVersion) return context.notFound()
    const bytes = await lab.draw(paper.index)
    return new Response(new Uint8Array(bytes), { headers: { 'content-type': 'application/pdf' } })
  })
  return app
}

function tooMany(saysWhen: boolean): Response {
  return new Response('Rate exceeded.', { status: 429, headers: saysWhen ? { 'retry-after': '10' } : {} })
}

function feed(
  parameters: Record<string, string>,
  entries: string[],
  total: number,
  start: number,
  size: number,
): Response {
  const asked = ['search_query', 'id_list', 'start', 'max_results'].map(
    (name) => `${name}=${parameters[name] ?? ''}`,
  )
  return atom(`arXiv Query: ${asked.join('&')}`, entries, total, start, size, 200)
}

function refusal(message: string, anchor: string): Response {
  const id = `https://arxiv.org/api/errors#${anchor}`
  const entry = `<entry>${element('id', id)}<title>Error</title>${element('updated', '2026-11-24T00:00:00Z')}<link href="${xml(id)}" rel="alternate" type="text/html"/>${element('summary', message)}<author><name>arXiv api core</name></author></entry>`
  return atom('arXiv Search Results', [entry], 1, 0, 1, 400)
}

function atom(
  title: string,
  entries: string[],
  total: number,
  start: number,
  size: number,
  status: number,
): Response {
  const body = `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/</id>
  ${element('title', title)}
  <updated>2026-11-24T00:00:00Z</updated>
  ${element('opensearch:itemsPerPage', size)}
  ${element('opensearch:totalResults', total)}
  ${element('opensearch:startIndex', start)}
  ${entries.join('\n  ')}
</feed>
`
  return new Response(body, { status, headers: { 'content-type': 'application/atom+xml; charset=utf-8' } })
}

function entryOf({ corpus, origin }: Lab, index: number, asked: number | undefined): string {
  const { paper, title, authors, abstract, doi } = recordOf(corpus, index, 'arxiv')
  const name = `${paper.arxivId}v${asked ?? paper.arxivVersion}`
  const day = `${dateOf(paper)}T12:00:00Z`
  const pdf = `${origin()}/arxiv/pdf/${name}`
  return `<entry>${element('id', `http://arxiv.org/abs/${name}`)}${element('title', title)}${element('updated', day)}
    <link href="https://arxiv.org/abs/${name}" rel="alternate" type="text/html"/>
    <link href="${xml(pdf)}" rel="related" type="application/pdf" title="pdf"/>
    ${element('summary', abstract)}<category term="${paper.topic.category}" scheme="http://arxiv.org/schemas/atom"/>${element('published', day)}
    ${paper.retracted ? '<arxiv:comment>This paper has been withdrawn by the authors</arxiv:comment>' : ''}<arxiv:primary_category term="${paper.topic.category}"/>
    ${authors.map(({ given, family }) => `<author>${element('name', `${given} ${family}`)}</author>`).join('')}${element('arxiv:doi', doi)}</entry>`
}
