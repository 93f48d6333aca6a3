import { type Context, Hono } from 'hono'
import { coreIdOf, indexOf } from '../corpus/identifiers.ts'
import { recordOf } from '../corpus/records.ts'
import { QuerySyntaxError } from '../search/expression.ts'
import { searchBoolean } from '../search/search-boolean.ts'
import type { Field } from '../search/vocabulary.ts'
import { json, wholeOf } from './answers.ts'
import { type Lab, type LabEnvironment, simulated } from './simulate.ts'

const fields: Readonly<Record<string, Field>> = { title: 'title', abstract: 'abstract' }
/** Requests in a window, with a key that begins with `lab-` and without. */
const limits = { key: 25, keyless: 10 }
const window = 60_000

/** CORE's API v3: search of works, single works. Its own headers say how many requests are left, and until when. */
export function coreServer(lab: Lab): Hono<LabEnvironment> {
  const { corpus, ledger, now } = lab
  const used = new Map<string, { since: number; count: number }>()

  const keyOf = (context: Context<LabEnvironment>): string | undefined =>
    /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1]
  const limitOf = (key: string | undefined): number => (key === undefined ? limits.keyless : limits.key)

  function check(context: Context<LabEnvironment>): Response | undefined {
    const key = keyOf(context)
    if (key !== undefined && !key.startsWith('lab-')) {
      ledger.violate('core', 'invalid_key', now(), 'a key that does not exist')
      return json({ message: 'The API key you provided is not valid.' }, 401)
    }
    const known = used.get(key ?? '')
    const account = known && now() < known.since + window ? known : { since: now(), count: 0 }
    account.count++
    used.set(key ?? '', account)
    if (account.count <= limitOf(key)) return undefined
    ledger.violate(
      'core',
      'too_fast',
      now(),
      `more than ${limitOf(key)} requests in ${window / 1_000} seconds`,
    )
    return json({ message: 'Too many requests, please try again later.' }, 429)
  }

  const app = new Hono<LabEnvironment>()
  app.use(async (context, next) => {
    await next()
    const account = used.get(keyOf(context) ?? '')
    if (!account || context.env.outgoing.destroyed) return
    const left = Math.max(0, limitOf(keyOf(context)) - account.count)
    context.res.headers.set('x-ratelimit-limit', `${limitOf(keyOf(context))}`)
    context.res.headers.set('x-ratelimit-remaining', `${left}`)
    if (left === 0)
      context.res.headers.set('x-ratelimit-retry-after', new Date(account.since + window).toISOString())
  })
  app.use(simulated(lab, 'core', { check }))

  app.get('/v3/search/works', (context) =>
    context.redirect(`${new URL(context.req.url).pathname}/${new URL(context.req.url).search}`, 301),
  )
  app.get('/v3/search/works/', (context) => {
    const { q = '', limit: most, offset: from } = context.req.query()
    const limit = wholeOf(most, 10)
    const offset = wholeOf(from, 0)
    if (!(limit >= 1 && limit <= 100 && offset >= 0 && offset + limit <= 10_000))
      return json({ message: 'limit must be from 1 to 100, and offset below 10000.' }, 400)
    try {
      const found = find(q)
      const results = Array.from(found.slice(offset, offset + limit), (index) => workOf(lab, index))
      return json({ totalHits: found.length, limit, offset, scrollId: null, results, tooks: [], esTook: 3 })
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error
      return json({ message: `Your query could not be parsed: ${error.message}.` }, 400)
    }
  })
  app.get('/v3/works/:id', (context) => {
    const index = indexOf.core(context.req.param('id'))
    const isKnown = index !== undefined && index < corpus.size && corpus.isIn(index, 'core')
    return isKnown ? json(workOf(lab, index)) : json({ message: 'Work not found.' }, 404)
  })

  function find(q: string): ArrayLike<number> & { slice(from: number, to: number): ArrayLike<number> } {
    const doi = /^doi:"([^"]+)"$/i.exec(q.trim())?.[1]
    if (doi === undefined) return searchBoolean(lab, 'core', inRanges(q), { fields })
    const index = indexOf.doi(doi)
    return index !== undefined && index < corpus.size && corpus.isIn(index, 'core') ? [index] : []
  }
  return app
}

/** CORE compares years: `yearPublished>=2015`. */
function inRanges(q: string): string {
  return q
    .replace(/yearPublished>=(\d{4})/g, 'yearPublished:[$1 TO 9999]')
    .replace(/yearPublished<=(\d{4})/g, 'yearPublished:[0000 TO $1]')
}

function workOf({ corpus, fullTextOf }: Lab, index: number): Record<string, unknown> {
  const { paper, title, authors, year, doi, abstract } = recordOf(corpus, index, 'core')
  const pdf = fullTextOf(paper)
  return {
    id: coreIdOf(index),
    title,
    authors: authors.map(({ given, family }) => ({ name: `${family}, ${given}` })),
    yearPublished: year,
    doi: doi ?? null,
    arxivId: paper.arxivId ?? null,
    pubmedId: paper.pmid ?? null,
    abstract: abstract ?? null,
    publisher: 'Lab Academic Press',
    journals: [{ title: paper.venue }],
    documentType: 'research',
    downloadUrl: pdf ?? '',
    sourceFulltextUrls: pdf === undefined ? [] : [pdf],
    links: [{ type: 'display', url: `https://core.ac.uk/works/${coreIdOf(index)}` }],
  }
}
