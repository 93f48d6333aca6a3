import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { indexOf, paperIdOf } from '../corpus/identifiers.ts'
import { evaluateWords } from '../search/search.ts'
import { searchBoolean } from '../search/search-boolean.ts'
import { createWindow } from '../violations.ts'
import { json, wholeOf } from './answers.ts'
import { fieldsOf, type Link, semanticScholarPaper, UnknownFields } from './semantic-scholar-paper.ts'
import { type Lab, type LabEnvironment, simulated } from './simulate.ts'

/** Answers beyond are refused, in bytes. */
const largestAnswer = 10 * 1024 * 1024
/** A second less what networks may take away from it, in milliseconds. */
const second = 900
const batchSchema = z.object({ ids: z.array(z.string()).min(1).max(500) })

/**
 * Semantic Scholar's Graph API: ranked search of plain words, bulk search with operators, single papers, batches with null
 * for what is unknown, references and citations. One request a second with a key that begins with `lab-`; without one, a
 * hundred in five minutes from a pool that all share.
 */
export function semanticScholarServer(lab: Lab): Hono<LabEnvironment> {
  const { corpus, search, ledger, now } = lab
  const windows = new Map<string, ReturnType<typeof createWindow>>()

  function check(context: Context<LabEnvironment>): Response | undefined {
    const key = context.req.header('x-api-key')
    if (key !== undefined && !key.startsWith('lab-')) {
      ledger.violate('semanticscholar', 'invalid_key', now(), 'a key that does not exist')
      return json({ message: 'Forbidden' }, 403)
    }
    const window =
      windows.get(key ?? '') ?? (key === undefined ? createWindow(100, 300_000) : createWindow(1, second))
    windows.set(key ?? '', window)
    if (window.allow(now())) return undefined
    ledger.violate(
      'semanticscholar',
      'too_fast',
      now(),
      key === undefined ? 'the pool is used up' : 'more than one request in a second',
    )
    return tooMany()
  }

  const app = new Hono<LabEnvironment>()
  app.use(simulated(lab, 'semanticscholar', { check, faults: { '429': tooMany } }))
  app.use(async (context, next) => {
    await next()
    const length = (await context.res.clone().arrayBuffer()).byteLength
    if (length > largestAnswer)
      context.res = json(
        { error: 'Response would exceed maximum size. Use a smaller limit or fewer fields.' },
        400,
      )
  })
  app.onError((error) => {
    if (error instanceof UnknownFields) return json({ error: error.message }, 400)
    throw error
  })

  const shown = (index: number, fields: readonly string[]) => semanticScholarPaper(lab, index, fields)
  const asked = (context: Context<LabEnvironment>) => fieldsOf(context.req.query('fields'))

  app.get('/graph/v1/paper/search', (context) => {
    const fields = asked(context)
    const query = context.req.query('query')
    const limit = wholeOf(context.req.query('limit'), 100)
    const offset = wholeOf(context.req.query('offset'), 0)
    if (!query) return json({ error: 'Missing required parameter: "query"' }, 400)
    if (!(limit >= 1 && limit <= 100)) return json({ error: 'limit must be between 1 and 100' }, 400)
    if (!(offset >= 0 && offset + limit <= 1_000))
      return json({ error: 'Requested data for this limit and/or offset is not available' }, 400)
    // Words with hyphens are found nowhere.
    if (query.includes('-')) return json({ total: 0, offset: 0 })
    const found = plainly(query, context.req.query('year'))
    const page = [...found.slice(offset, offset + limit)]
    if (page.length === 0) return json({ total: found.length, offset })
    const next = offset + limit < Math.min(found.length, 1_000) ? { next: offset + limit } : {}
    return json({ total: found.length, offset, ...next, data: page.map((index) => shown(index, fields)) })
  })

  app.get('/graph/v1/paper/search/bulk', (context) => {
    const fields = asked(context)
    if (fields.some((field) => field.includes('.')))
      return json({ error: 'Nested fields are not supported here' }, 400)
    const query = (context.req.query('query') ?? '')
      .replaceAll('|', ' OR ')
      .replaceAll('+', ' AND ')
      .replace(/(^|\s)-/g, ' NOT ')
    const start = wholeOf(context.req.query('token'), 0)
    if (query.trim() === '' || Number.isNaN(start)) return json({ error: 'Bad query parameters' }, 400)
    const found = searchBoolean(lab, 'semanticscholar', query, { fields: {} })
    const token = start + 1_000 < found.length ? `${start + 1_000}` : null
    return json({
      total: found.length,
      token,
      data: [...found.slice(start, start + 1_000)].map((index) => shown(index, fields)),
    })
  })

  app.get('/graph/v1/paper/search/match', (context) => {
    const fields = asked(context)
    const title = context.req.query('query') ?? ''
    const wanted = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
    const match = [...plainly(title, undefined).slice(0, 2_000)].find(
      (index) =>
        corpus
          .paper(index)
          .title.toLowerCase()
          .replace(/[^\p{L}\p{N}]+/gu, ' ')
          .trim() === wanted,
    )
    if (match === undefined) return json({ error: 'Title match not found' }, 404)
    return json({ data: [{ ...shown(match, fields), matchScore: 180.5 }] })
  })

  app.post('/graph/v1/paper/batch', async (context) => {
    const fields = asked(context)
    const body = batchSchema.safeParse(await context.req.json().catch(() => undefined))
    if (!body.success) return json({ error: 'ids must be a list of 1 to 500 identifiers' }, 400)
    return json(
      body.data.ids.map((id) => {
        const index = named(id)
        return index === undefined ? null : shown(index, fields)
      }),
    )
  })

  app.get('/graph/v1/paper/*', (context) => {
    const path = decodeURIComponent(new URL(context.req.url).pathname.replace(/^.*?\/paper\//, ''))
    const [, name = '', link] = /^(.*?)(?:\/(references|citations))?$/.exec(path) ?? []
    const index = named(name)
    if (index === undefined) return json({ error: `Paper with id ${name.slice(0, 200)} not found` }, 404)
    const fields = asked(context)
    return link === undefined ? json(shown(index, fields)) : links(context, index, link as Link, fields)
  })

  function links(
    context: Context<LabEnvironment>,
    index: number,
    link: Link,
    fields: readonly string[],
  ): Response {
    const limit = wholeOf(context.req.query('limit'), 100)
    const offset = wholeOf(context.req.query('offset'), 0)
    if (!(limit >= 1 && limit <= 1_000 && offset >= 0))
      return json({ error: 'limit must be between 1 and 1000' }, 400)
    const all = link === 'references' ? corpus.references(index) : [...corpus.citations(index)]
    const known = all.filter((other) => corpus.isIn(other, 'semanticscholar'))
    const name = link === 'references' ? 'citedPaper' : 'citingPaper'
    const data = known.slice(offset, offset + limit).map((other) => ({
      contexts: [],
      intents: ['background'],
      isInfluential: other % 9 === 0,
      [name]: shown(other, fields),
    }))
    const next = offset + limit < known.length ? { next: offset + limit } : {}
    return json({ offset, ...next, data })
  }

  function plainly(query: string, years: string | undefined): Uint32Array {
    const [, from, dash, to] = /^(\d{4})?(-)?(\d{4})?$/.exec(years ?? '') ?? []
    const earliest = Number(from ?? 0)
    const latest = Number(to ?? (dash === undefined ? (from ?? 9_999) : 9_999))
    return search.find({
      key: `${years ?? ''} ${query}`,
      service: 'semanticscholar',
      scores: () => evaluateWords(query, 0.5),
      accept: (index) => corpus.yearOf(index) >= earliest && corpus.yearOf(index) <= latest,
    })
  }

  function named(name: string): number | undefined {
    const [, prefix = '', id = ''] = /^(?:(DOI|ARXIV|PMID|PMCID|CorpusId):)?(.+)$/is.exec(name) ?? []
    const readers: Readonly<Record<string, () => number | undefined>> = {
      doi: () => indexOf.doi(id),
      arxiv: () => indexOf.arxiv(id.replace(/v\d+$/, '')),
      pmid: () => indexOf.pmid(id),
      pmcid: () => indexOf.pmcid(id),
      corpusid: () => indexOf.corpusId(id),
      '': () => indexOf.paperId(id) ?? indexOf.doi(id),
    }
    const index = readers[prefix.toLowerCase()]?.()
    if (index === undefined || index >= corpus.size || !corpus.isIn(index, 'semanticscholar'))
      return undefined
    const paper = corpus.paper(index)
    const own = [paperIdOf(index), paper.doi, paper.arxivId, paper.pmid, paper.pmcid]
    return prefix.toLowerCase() === 'corpusid' ||
      own.includes(id.toLowerCase().replace(/(\d)v\d+$/, '$1')) ||
      own.includes(id)
      ? index
      : undefined
  }

  return app
}

function tooMany(): Response {
  const message = 'Too Many Requests. Please wait and try again or apply for a key for higher rate limits.'
  return json({ message, code: '429' }, 429)
}
