import { type Context, Hono } from 'hono'
import { indexOf } from '../corpus/identifiers.ts'
import { parseExpression, QuerySyntaxError } from '../search/expression.ts'
import { evaluate, evaluateWords, type Scores } from '../search/search.ts'
import { json, wholeOf } from './answers.ts'
import { createOpenAlexEdge, creditsOf, type OpenAlexPlan, openAlexPlans } from './openalex-credits.ts'
import { type OpenAlexWork, openAlexWork } from './openalex-work.ts'
import { type Lab, type LabEnvironment, simulated } from './simulate.ts'

class InvalidQuery extends Error {}

const invalid = (message: string): Response =>
  json({ error: 'Invalid query parameters error.', message }, 400)

/**
 * OpenAlex: lists of works with search, filters, pages and cursors, single works, and the credits of its edge. Only works;
 * no groups.
 */
export function openAlexServer(
  lab: Lab,
  plans: Readonly<Record<keyof typeof openAlexPlans, OpenAlexPlan>> = openAlexPlans,
): Hono<LabEnvironment> {
  const { corpus, search, ledger, now } = lab
  const edge = createOpenAlexEdge(lab, plans)
  const app = new Hono<LabEnvironment>()

  app.use(async (context, next) => {
    await next()
    // A connection that was cut has no headers.
    if (context.res.status !== 401 && !context.env.outgoing.destroyed) edge.settle(context)
  })
  app.use(
    simulated(lab, 'openalex', {
      check: edge.check,
      faults: {
        '504': () =>
          json({ error: 'Gateway Timeout', message: 'The query took too long. Simplify it.' }, 504),
      },
    }),
  )

  app.get('/rate-limit', (context) =>
    edge.hasKey(context)
      ? json({ rate_limit: {} })
      : json({ error: 'Invalid or missing API key', message: 'An API key is required.' }, 401),
  )

  app.get('/works', (context) => {
    const { searchParams } = new URL(context.req.url)
    if (context.req.url.length > 8_190) return new Response('Request-URI Too Large', { status: 414 })
    try {
      return listOf(context, searchParams)
    } catch (error) {
      if (error instanceof InvalidQuery || error instanceof QuerySyntaxError) return invalid(error.message)
      throw error
    }
  })

  app.get('/works/*', (context) => {
    const name = decodeURIComponent(new URL(context.req.url).pathname.replace(/^.*?\/works\//, ''))
    const index = named(name)
    if (index === undefined)
      return json({ error: 'Not found', message: `No work is known as ${name.slice(0, 200)}.` }, 404)
    try {
      return json(selected(openAlexWork(lab, index), context.req.query('select')))
    } catch (error) {
      if (error instanceof InvalidQuery) return invalid(error.message)
      throw error
    }
  })

  /** The work of an identifier, in any of the ways that identifiers may be written. */
  function named(name: string): number | undefined {
    const bare = name
      .replace(/^(?:https?:\/\/)?(?:openalex\.org\/|(?:dx\.)?doi\.org\/|pubmed\.ncbi\.nlm\.nih\.gov\/)/i, '')
      .replace(/^(?:openalex|doi|pmid|pmcid):/i, '')
    const arxiv = /^10\.48550\/arxiv\.(.+)$/i.exec(bare)?.[1]
    const index =
      (arxiv === undefined ? undefined : indexOf.arxiv(arxiv)) ??
      indexOf.doi(bare) ??
      indexOf.openAlex(bare) ??
      indexOf.pmid(bare) ??
      indexOf.pmcid(bare)
    if (index === undefined || index >= corpus.size || !corpus.isIn(index, 'openalex')) return undefined
    const paper = corpus.paper(index)
    if (arxiv !== undefined) return paper.arxivId === arxiv ? index : undefined
    const own = [paper.doi, paper.pmid, paper.pmcid].map((id) => id?.toLowerCase())
    return /^W/i.test(bare) || own.includes(bare.toLowerCase()) ? index : undefined
  }

  function listOf(context: Context<LabEnvironment>, parameters: URLSearchParams): Response {
    const hasKey = edge.hasKey(context)
    if (parameters.has('limit')) return invalid('limit is not a valid parameter. Use per_page.')
    const size = wholeOf(parameters.get('per_page') ?? parameters.get('per-page'), 25)
    if (!(size >= 1 && size <= 200)) return invalid('per_page must be a number between 1 and 200.')
    if (size > 100) ledger.violate('openalex', 'deprecated_per_page', now(), `per_page=${size}`)
    const cursor = parameters.get('cursor')
    if (cursor !== null && !hasKey)
      return json(
        { error: 'Invalid or missing API key', message: 'Paging with a cursor needs an API key.' },
        401,
      )
    const page = wholeOf(parameters.get('page'), 1)
    if (!(page >= 1)) return invalid('page must be a positive number.')
    if (cursor === null && page * size > 10_000)
      return invalid('Maximum results size of 10,000 records is exceeded. Cursor pagination is required.')
    const found = find(parameters, hasKey)
    const start =
      cursor === null
        ? (page - 1) * size
        : cursor === '*'
          ? 0
          : wholeOf(Buffer.from(cursor, 'base64url').toString(), Number.NaN)
    if (Number.isNaN(start)) return invalid('The cursor is not valid.')
    const results = Array.from(found.slice(start, start + size), (index) =>
      selected(openAlexWork(lab, index), parameters.get('select') ?? undefined),
    )
    const next = start + size < found.length ? Buffer.from(`${start + size}`).toString('base64url') : null
    const meta = {
      count: found.length,
      db_response_time_ms: 12,
      page: cursor === null ? page : null,
      per_page: size,
      groups_count: null,
      cost_usd: creditsOf('/works', parameters) / 10_000,
      ...(cursor !== null && { next_cursor: next }),
    }
    return json({ meta, results, group_by: [] })
  }

  function find(
    parameters: URLSearchParams,
    hasKey: boolean,
  ): ArrayLike<number> & { slice(from: number, to: number): ArrayLike<number> } {
    const searches = [...parameters].filter(([name]) => name === 'search' || name.startsWith('search.'))
    if (searches.length > 1) throw new InvalidQuery('Only one search parameter may be used.')
    const [[name, text] = ['search', '']] = searches
    if (!hasKey && text.length > 1_500) throw new InvalidQuery('The search is longer than 1500 characters.')
    const filters = filtersOf(parameters.get('filter') ?? '')
    const sort = parameters.get('sort') ?? ''
    const listed = filters.flatMap(({ indices }) => (indices ? [indices] : []))
    const accept = (index: number): boolean => filters.every((filter) => filter.accept?.(index) ?? true)
    const [first, ...others] = listed
    if (first) {
      const rest = others.map((indices) => new Set(indices))
      const kept = [...first].filter(
        (index) => corpus.isIn(index, 'openalex') && accept(index) && rest.every((set) => set.has(index)),
      )
      return sorted(kept, sort)
    }
    const scores = [
      ...(text === '' ? [] : [() => scoresOf(name, text)]),
      ...filters.flatMap((filter) => (filter.scores ? [filter.scores] : [])),
    ]
    return search.find({
      key: `${name} ${text} ${parameters.get('filter') ?? ''} ${sort}`,
      service: 'openalex',
      scores() {
        const [first = allScores(), ...others] = scores.map((score) => score())
        return new Map([...first].filter(([profile]) => others.every((other) => other.has(profile))))
      },
      accept,
      newestFirst: sort.startsWith('publication_date') || sort.startsWith('publication_year'),
    })
  }

  const allScores = (): Scores => evaluate({ kind: 'range', field: '', from: '', to: '' }, {})

  function scoresOf(name: string, text: string): Scores {
    if (name === 'search.semantic') return evaluateWords(text, 0.4)
    const field = name === 'search.title' ? 'title' : 'any'
    return evaluate(parseExpression(text.slice(0, 4_000)), field === 'title' ? { title: 'title' } : {})
  }

  function sorted(indices: number[], sort: string): number[] {
    if (!sort.startsWith('cited_by_count')) return indices
    const counts = new Map(indices.map((index) => [index, [...corpus.citations(index)].length]))
    return indices.sort((a, b) => counts.get(b)! - counts.get(a)!)
  }

  interface Filter {
    readonly accept?: (index: number) => boolean
    readonly indices?: Iterable<number>
    readonly scores?: () => Scores
  }

  function filtersOf(text: string): Filter[] {
    const parts = text === '' ? [] : text.split(/,(?=[\w.]+:)/)
    return parts.map((part) => {
      const [, key = '', value = ''] = /^([\w.]+):(.*)$/s.exec(part) ?? []
      const values = value.split('|')
      if (values.length > 100) throw new InvalidQuery(`Maximum number of values exceeded for ${key}: 100.`)
      const year = Number(value.slice(0, 4))
      const several = (): Iterable<number> => new Set(values.flatMap((name) => named(name) ?? []))
      switch (key) {
        case 'openalex':
        case 'openalex_id':
        case 'ids.openalex':
        case 'doi':
        case 'ids.pmid':
        case 'pmid':
          return { indices: several() }
        case 'cites':
          return { indices: [...several()].flatMap((index) => [...corpus.citations(index)]) }
        case 'cited_by':
          return { indices: [...several()].flatMap((index) => corpus.references(index)) }
        case 'from_publication_date':
          return { accept: (index) => corpus.yearOf(index) >= year }
        case 'to_publication_date':
          return { accept: (index) => corpus.yearOf(index) <= year }
        case 'publication_year':
          return { accept: (index) => inYears(corpus.yearOf(index), values) }
        case 'is_retracted':
          return { accept: (index) => `${corpus.paper(index).retracted}` === value }
        case 'is_oa':
        case 'open_access.is_oa':
          return { accept: (index) => `${openAlexWork(lab, index).open_access.is_oa}` === value }
        case 'has_abstract':
        case 'type':
          return {}
        case 'title.search':
        case 'display_name.search':
          return { scores: () => scoresOf('search.title', value) }
        case 'default.search':
        case 'title_and_abstract.search':
        case 'abstract.search':
          return { scores: () => scoresOf('search', value) }
        default:
          throw new InvalidQuery(
            `${key} is not a valid field. Valid fields are underscore or hyphenated versions of those in the documentation.`,
          )
      }
    })
  }

  return app
}

function inYears(year: number, values: readonly string[]): boolean {
  return values.some((value) => {
    const [from, to] = value.includes('-') ? value.split('-') : [value, value]
    if (/^[<>]/.test(value))
      return value.startsWith('>') ? year > Number(value.slice(1)) : year < Number(value.slice(1))
    return year >= Number(from || 0) && year <= Number(to || 9_999)
  })
}

function selected(work: OpenAlexWork, select: string | undefined): unknown {
  if (select === undefined) return work
  const names = select.split(',')
  const unknown = names.find((name) => !(name in work))
  if (unknown !== undefined)
    throw new InvalidQuery(
      `${unknown} is not a valid select field. Only root-level fields can be selected, such as ${Object.keys(work).slice(0, 5).join(', ')}.`,
    )
  return Object.fromEntries(names.map((name) => [name, work[name as keyof OpenAlexWork]]))
}
