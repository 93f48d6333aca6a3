import { type Context, Hono } from 'hono'
import { doiOf, indexOf } from '../corpus/identifiers.ts'
import { recordOf } from '../corpus/records.ts'
import { evaluateWords } from '../search/search.ts'
import { createWindow } from '../violations.ts'
import { json, wholeOf } from './answers.ts'
import { type Lab, type LabEnvironment, simulated } from './simulate.ts'

/** Requests a second, and at once, by pool and by whether a list is asked for, as its headers say. */
const pools = {
  'public-array': { perSecond: 1, atOnce: 1 },
  'public-single': { perSecond: 5, atOnce: 1 },
  'polite-array': { perSecond: 3, atOnce: 3 },
  'polite-single': { perSecond: 10, atOnce: 3 },
} as const
type Pool = keyof typeof pools
/** A second less what networks may take away from it, in milliseconds. */
const second = 900

const types = {
  journal: 'journal-article',
  conference: 'proceedings-article',
  preprint: 'posted-content',
} as const
/** Filters that are understood. */
const filters = /^(?:type|from-pub-date|until-pub-date|doi|has-abstract|has-full-text)$/

/**
 * Crossref's REST API: lists of works by plain words, pages by offset or cursor, single works by DOI. Who says whom it may
 * write to is in the polite pool, which allows more; each answer names its pool and its limits.
 */
export function crossrefServer(lab: Lab): Hono<LabEnvironment> {
  const { corpus, search, ledger, now } = lab
  const windows = new Map(
    Object.entries(pools).map(([pool, { perSecond }]) => [pool, createWindow(perSecond, second)]),
  )

  function poolOf(context: Context<LabEnvironment>): Pool {
    const isPolite =
      /.+@.+/.test(context.req.query('mailto') ?? '') ||
      /mailto:.+@.+/.test(context.req.header('user-agent') ?? '')
    return `${isPolite ? 'polite' : 'public'}-${/\/works\/?$/.test(context.req.path) ? 'array' : 'single'}`
  }

  function check(context: Context<LabEnvironment>, underWay: number): Response | undefined {
    const pool = poolOf(context)
    const { perSecond, atOnce } = pools[pool]
    if (underWay > atOnce)
      ledger.violate('crossref', 'too_many_connections', now(), `${underWay} requests at once in ${pool}`)
    const isInTime = windows.get(pool)!.allow(now())
    if (!isInTime)
      ledger.violate('crossref', 'too_fast', now(), `more than ${perSecond} requests in a second in ${pool}`)
    return isInTime && underWay <= atOnce ? undefined : tooMany()
  }

  const app = new Hono<LabEnvironment>()
  app.use(async (context, next) => {
    await next()
    if (context.env.outgoing.destroyed) return
    const pool = poolOf(context)
    context.res.headers.set('x-api-pool', pool)
    context.res.headers.set('x-rate-limit-limit', `${pools[pool].perSecond}`)
    context.res.headers.set('x-rate-limit-interval', '1s')
    context.res.headers.set('x-concurrency-limit', `${pools[pool].atOnce}`)
  })
  app.use(simulated(lab, 'crossref', { check, faults: { '429': tooMany } }))

  app.get('/works', (context) => {
    const parameters = new URL(context.req.url).searchParams
    const rows = wholeOf(parameters.get('rows'), 20)
    const offset = wholeOf(parameters.get('offset'), 0)
    const cursor = parameters.get('cursor')
    if (!(rows >= 0 && rows <= 1_000))
      return invalid('rows', 'Integer specified as rows must be between 0 and 1000')
    if (!(offset >= 0 && offset <= 10_000)) return invalid('offset', 'Offset must be between 0 and 10000')
    const given = (parameters.get('filter') ?? '')
      .split(',')
      .filter(Boolean)
      .map((part) => part.split(/:(.*)/s, 2) as [string, string])
    const unknown = given.find(([name]) => !filters.test(name))
    if (unknown)
      return invalid(unknown[0], `Filter ${unknown[0]} specified but there is no such filter for this route.`)
    const text = ['query', 'query.bibliographic', 'query.title', 'query.author']
      .map((name) => parameters.get(name) ?? '')
      .join(' ')
      .trim()
    const values = (name: string) => given.flatMap(([filter, value]) => (filter === name ? [value] : []))
    const from = Math.max(0, ...values('from-pub-date').map((date) => Number(date.slice(0, 4))))
    const until = Math.min(9_999, ...values('until-pub-date').map((date) => Number(date.slice(0, 4))))
    const kinds = new Set(values('type'))
    const dois = values('doi')
    const accept = (index: number): boolean => {
      const year = corpus.yearOf(index)
      return year >= from && year <= until && (kinds.size === 0 || kinds.has(types[corpus.paper(index).kind]))
    }
    const found =
      dois.length > 0
        ? dois.flatMap((doi) => named(doi) ?? [])
        : search.find({
            key: `${text} ${parameters.get('filter')}`,
            service: 'crossref',
            scores: () => evaluateWords(text, 0.3),
            accept,
          })
    const start =
      cursor === null || cursor === '*'
        ? offset
        : wholeOf(Buffer.from(cursor, 'base64').toString(), Number.NaN)
    if (Number.isNaN(start)) return invalid('cursor', 'Cursor is not valid')
    const select = parameters.get('select')?.split(',')
    const items = Array.from(found.slice(start, start + rows), (index) =>
      selected(workOf(lab, index), select),
    )
    const next = cursor === null ? {} : { 'next-cursor': Buffer.from(`${start + rows}`).toString('base64') }
    return json({
      status: 'ok',
      'message-type': 'work-list',
      'message-version': '1.0.0',
      message: {
        facets: {},
        'total-results': found.length,
        items,
        'items-per-page': rows,
        query: { 'start-index': start, 'search-terms': text },
        ...next,
      },
    })
  })

  app.get('/works/*', (context) => {
    const doi = decodeURIComponent(new URL(context.req.url).pathname.replace(/^.*?\/works\//, ''))
    const index = named(doi)
    if (index === undefined)
      return new Response('Resource not found.', { status: 404, headers: { 'content-type': 'text/plain' } })
    return json({
      status: 'ok',
      'message-type': 'work',
      'message-version': '1.0.0',
      message: workOf(lab, index),
    })
  })

  function named(doi: string): number | undefined {
    const index = indexOf.doi(doi)
    return index !== undefined && index < corpus.size && corpus.isIn(index, 'crossref') ? index : undefined
  }
  return app
}

function tooMany(): Response {
  return new Response('Too many requests.', { status: 429, headers: { 'content-type': 'text/plain' } })
}

function invalid(value: string, message: string): Response {
  return json(
    {
      status: 'failed',
      'message-type': 'validation-failure',
      message: [{ type: 'parameter-not-allowed', value, message }],
    },
    400,
  )
}

function selected(work: Record<string, unknown>, select: string[] | undefined): Record<string, unknown> {
  return select ? Object.fromEntries(Object.entries(work).filter(([name]) => select.includes(name))) : work
}

function workOf({ corpus, fullTextOf }: Lab, index: number): Record<string, unknown> {
  const { paper, title, authors, year, abstract } = recordOf(corpus, index, 'crossref')
  const DOI = doiOf(index)
  const pdf = fullTextOf(paper)
  const references = corpus.references(index).filter((other) => corpus.isIn(other, 'crossref'))
  return {
    DOI,
    URL: `https://doi.org/${DOI}`,
    type: types[paper.kind],
    title: [title],
    author: authors.map(({ given, family }, at) => ({
      given,
      family,
      sequence: at === 0 ? 'first' : 'additional',
      affiliation: [],
    })),
    issued: { 'date-parts': [[year, paper.month, paper.day]] },
    'container-title': [paper.venue],
    volume: `${paper.volume}`,
    issue: `${paper.issue}`,
    page: `${paper.firstPage}-${paper.firstPage + 11}`,
    publisher: 'Lab Academic Press',
    ...(abstract !== undefined && {
      abstract: `<jats:title>Abstract</jats:title><jats:p>${abstract}</jats:p>`,
    }),
    ...(pdf !== undefined && {
      license: [
        { URL: 'https://creativecommons.org/licenses/by/4.0/', 'content-version': 'vor', 'delay-in-days': 0 },
      ],
      link: [
        {
          URL: pdf,
          'content-type': 'application/pdf',
          'content-version': 'vor',
          'intended-application': 'text-mining',
        },
      ],
    }),
    ...(paper.retracted && {
      'updated-by': [{ DOI: `${DOI}.retraction`, type: 'retraction', label: 'Retraction' }],
    }),
    'is-referenced-by-count': [...corpus.citations(index)].length,
    'references-count': references.length,
    reference: references.map((other, at) => ({
      key: `ref${at + 1}`,
      DOI: doiOf(other),
      'doi-asserted-by': 'publisher',
    })),
  }
}
