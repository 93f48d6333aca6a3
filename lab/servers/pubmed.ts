import { type Context, Hono } from 'hono'
import { indexOf } from '../corpus/identifiers.ts'
import { recordOf } from '../corpus/records.ts'
import { QuerySyntaxError } from '../search/expression.ts'
import { searchBoolean } from '../search/search-boolean.ts'
import type { Field } from '../search/vocabulary.ts'
import { createWindow } from '../violations.ts'
import { element, json, wholeOf, xml } from './answers.ts'
import { type Lab, type LabEnvironment, simulated } from './simulate.ts'

const fields: Readonly<Record<string, Field>> = { ti: 'title', ab: 'abstract', tiab: 'any' }
/** Results of one search. */
const furthest = 9_999

/**
 * NCBI's E-utilities for PubMed: ESearch as JSON and EFetch as XML. Three requests a second, ten with a key that begins with
 * `lab-`; `tool` and `email` are asked of all.
 */
export function pubmedServer(lab: Lab): Hono<LabEnvironment> {
  const { corpus, ledger, now } = lab
  const windows = new Map<string, ReturnType<typeof createWindow>>()

  function check(context: Context<LabEnvironment>): Response | undefined {
    const { api_key: key, tool } = context.req.query()
    if (key !== undefined && !key.startsWith('lab-')) {
      ledger.violate('pubmed', 'invalid_key', now(), 'a key that does not exist')
      return json({ error: 'API key invalid', 'api-key': key }, 400)
    }
    if (tool === undefined)
      ledger.violate('pubmed', 'no_contact', now(), 'a request that does not name its tool')
    const limit = key === undefined ? 3 : 10
    const window = windows.get(key ?? '') ?? createWindow(limit, 900)
    windows.set(key ?? '', window)
    if (window.allow(now())) return undefined
    ledger.violate('pubmed', 'too_fast', now(), `more than ${limit} requests in a second`)
    return json(
      {
        error: 'API rate limit exceeded',
        'api-key': key ?? '127.0.0.1',
        count: `${limit + 1}`,
        limit: `${limit}`,
      },
      429,
    )
  }

  const app = new Hono<LabEnvironment>().basePath('/entrez/eutils')
  app.use(simulated(lab, 'pubmed', { check }))

  app.get('/esearch.fcgi', (context) => {
    const { term = '', retstart, retmax, retmode, mindate, maxdate } = context.req.query()
    const start = wholeOf(retstart, 0)
    const size = wholeOf(retmax, 20)
    if (retmode !== 'json') return new Response('The lab answers searches in JSON only.', { status: 400 })
    if (!(start + size <= furthest))
      return json({
        header: { type: 'esearch' },
        esearchresult: {
          ERROR: `Search Backend failed: Exception: retstart cannot be larger than ${furthest - 1}.`,
        },
      })
    const dated = mindate && maxdate ? `(${term}) AND ${mindate}:${maxdate}[dp]` : term
    try {
      const found = searchBoolean(lab, 'pubmed', inPrefixes(dated), { fields })
      const idlist = [...found.slice(start, start + size)].map((index) => corpus.paper(index).pmid!)
      return json({
        header: { type: 'esearch', version: '0.3' },
        esearchresult: {
          count: `${found.length}`,
          retmax: `${idlist.length}`,
          retstart: `${start}`,
          idlist,
          querytranslation: term,
        },
      })
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error
      return json({
        header: { type: 'esearch' },
        esearchresult: { ERROR: `Invalid query: ${error.message}` },
      })
    }
  })

  const fetched = (ids: string): Response => {
    const articles = ids.split(',').flatMap((id) => {
      const index = indexOf.pmid(id.trim())
      return index !== undefined && index < corpus.size && corpus.paper(index).pmid === id.trim()
        ? [articleOf(lab, index)]
        : []
    })
    const body = `<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>${articles.join('\n')}</PubmedArticleSet>`
    return new Response(body, { headers: { 'content-type': 'text/xml; charset=UTF-8' } })
  }
  app.get('/efetch.fcgi', (context) => fetched(context.req.query('id') ?? ''))
  app.post('/efetch.fcgi', async (context) =>
    fetched(new URLSearchParams(await context.req.text()).get('id') ?? ''),
  )
  return app
}

/** PubMed writes fields behind their terms: `"x y"[tiab]`, `2015:2020[dp]`. */
function inPrefixes(term: string): string {
  return term
    .replace(/(\d{4})[\d/]*:(\d{4})[\d/]*\[(?:dp|pdat)\]/gi, 'dp:[$1 TO $2]')
    .replace(/("[^"]*"|[^\s()"[\]]+)\[(\w+)(?:\/\w+)?\]/g, '$2:$1')
}

function articleOf({ corpus }: Lab, index: number): string {
  const { paper, title, authors, year, doi, abstract } = recordOf(corpus, index, 'pubmed')
  const people = authors.map(
    ({ given, family }) =>
      `<Author ValidYN="Y">${element('LastName', family)}${element('ForeName', given)}${element('Initials', given.charAt(0))}</Author>`,
  )
  const kinds = ['Journal Article', ...(paper.retracted ? ['Retracted Publication'] : [])]
  const id = (kind: string, value: string | undefined): string =>
    value === undefined ? '' : `<ArticleId IdType="${kind}">${xml(value)}</ArticleId>`
  return `<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">${paper.pmid}</PMID>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Internet">${element('Volume', paper.volume)}${element('Issue', paper.issue)}<PubDate>${element('Year', year)}</PubDate></JournalIssue>${element('Title', paper.venue)}</Journal>
${element('ArticleTitle', title)}<Pagination>${element('MedlinePgn', `${paper.firstPage}-${paper.firstPage + 11}`)}</Pagination>
${doi === undefined ? '' : `<ELocationID EIdType="doi" ValidYN="Y">${xml(doi)}</ELocationID>`}${abstract === undefined ? '' : `<Abstract>${element('AbstractText', abstract)}</Abstract>`}
<AuthorList CompleteYN="Y">${people.join('')}</AuthorList><PublicationTypeList>${kinds.map((kind) => element('PublicationType', kind)).join('')}</PublicationTypeList></Article>
</MedlineCitation><PubmedData><ArticleIdList>${id('pubmed', paper.pmid)}${id('doi', doi)}${id('pmc', paper.pmcid)}</ArticleIdList></PubmedData></PubmedArticle>`
}
