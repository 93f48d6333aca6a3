import { Hono } from 'hono'
import { contentOf } from '../corpus/content.ts'
import { indexOf } from '../corpus/identifiers.ts'
import { recordOf } from '../corpus/records.ts'
import { QuerySyntaxError } from '../search/expression.ts'
import { searchBoolean } from '../search/search-boolean.ts'
import type { Field } from '../search/vocabulary.ts'
import { createWindow } from '../violations.ts'
import { dateOf, element, json, wholeOf } from './answers.ts'
import { type Lab, type LabEnvironment, simulated } from './simulate.ts'

const perSecond = 10
const fields: Readonly<Record<string, Field>> = { title: 'title', abstract: 'abstract', title_abs: 'any' }

/**
 * Europe PMC's RESTful service: search with cursor marks, of which the last is the one that was given, and full texts as
 * JATS. Ten requests a second.
 */
export function europePmcServer(lab: Lab): Hono<LabEnvironment> {
  const { corpus, ledger, now } = lab
  const window = createWindow(perSecond, 900)

  function check(): Response | undefined {
    if (window.allow(now())) return undefined
    ledger.violate('europepmc', 'too_fast', now(), `more than ${perSecond} requests in a second`)
    return new Response('Too Many Requests', { status: 429 })
  }

  const app = new Hono<LabEnvironment>().basePath('/europepmc/webservices/rest')
  app.use(simulated(lab, 'europepmc', { check }))

  app.get('/search', (context) => {
    const { query = '', cursorMark = '*', pageSize, format = 'xml' } = context.req.query()
    const size = wholeOf(pageSize, 25)
    if (format !== 'json') return json({ errCode: 404, errMsg: 'The lab answers in JSON only.' }, 400)
    if (!(size >= 1 && size <= 1_000))
      return json({ errCode: 404, errMsg: 'Invalid page size. The maximum is 1000.' }, 400)
    const start = cursorMark === '*' ? 0 : wholeOf(Buffer.from(cursorMark, 'base64').toString(), Number.NaN)
    if (Number.isNaN(start)) return json({ errCode: 404, errMsg: 'Invalid cursor mark.' }, 400)
    try {
      const found = searchBoolean(lab, 'europepmc', query, { fields })
      const result = [...found.slice(start, start + size)].map((index) => resultOf(lab, index))
      const next =
        result.length === 0 ? cursorMark : Buffer.from(`${start + result.length}`).toString('base64')
      return json({
        version: '6.9',
        hitCount: found.length,
        nextCursorMark: next,
        request: { queryString: query },
        resultList: { result },
      })
    } catch (error) {
      if (!(error instanceof QuerySyntaxError)) throw error
      return json({ errCode: 404, errMsg: `Invalid query: ${error.message}.` }, 400)
    }
  })

  app.get('/:id/fullTextXML', (context) => {
    const index = indexOf.pmcid(context.req.param('id'))
    const paper = index !== undefined && index < corpus.size ? corpus.paper(index) : undefined
    if (paper?.pmcid === undefined || paper.pmcid !== context.req.param('id')) return context.notFound()
    const { abstract, sections } = contentOf(corpus, paper)
    const body = sections.map(({ heading, paragraphs }) => {
      const texts = paragraphs.map(({ sentences }) =>
        element('p', sentences.map(({ text }) => text).join(' ')),
      )
      return `<sec>${element('title', heading)}${texts.join('')}</sec>`
    })
    const front = `<front><article-meta><title-group>${element('article-title', paper.title)}</title-group><abstract>${element('p', abstract)}</abstract></article-meta></front>`
    return new Response(`<article>${front}<body>${body.join('')}</body></article>`, {
      headers: { 'content-type': 'application/xml' },
    })
  })
  return app
}

function resultOf({ corpus, fullTextOf }: Lab, index: number): Record<string, unknown> {
  const { paper, title, authors, year, doi, abstract } = recordOf(corpus, index, 'europepmc')
  const pdf = fullTextOf(paper)
  const source = paper.pmid === undefined ? 'PPR' : 'MED'
  return {
    id: paper.pmid ?? `${700_000 + index}`,
    source,
    ...(paper.pmid !== undefined && { pmid: paper.pmid }),
    ...(paper.pmcid !== undefined && { pmcid: paper.pmcid }),
    ...(doi !== undefined && { doi }),
    title,
    authorString: authors.map(({ given, family }) => `${family} ${given.charAt(0)}`).join(', '),
    authorList: {
      author: authors.map(({ given, family }) => ({
        fullName: `${family} ${given.charAt(0)}`,
        firstName: given,
        lastName: family,
        initials: given.charAt(0),
      })),
    },
    journalInfo: {
      volume: `${paper.volume}`,
      issue: `${paper.issue}`,
      yearOfPublication: year,
      journal: { title: paper.venue },
    },
    pubYear: `${year}`,
    pageInfo: `${paper.firstPage}-${paper.firstPage + 11}`,
    ...(abstract !== undefined && { abstractText: `<h4>Abstract</h4>${abstract}` }),
    pubTypeList: {
      pubType: paper.retracted
        ? ['retracted publication']
        : [source === 'PPR' ? 'preprint' : 'research-article'],
    },
    isOpenAccess: pdf === undefined ? 'N' : 'Y',
    license: pdf === undefined ? undefined : 'cc by',
    firstPublicationDate: dateOf({ ...paper, year }),
    fullTextUrlList: {
      fullTextUrl: [
        {
          availability: 'Subscription required',
          availabilityCode: 'S',
          documentStyle: 'doi',
          site: 'DOI',
          url: `https://doi.org/${doi ?? ''}`,
        },
        ...(pdf === undefined
          ? []
          : [
              {
                availability: 'Open access',
                availabilityCode: 'OA',
                documentStyle: 'pdf',
                site: 'Publisher',
                url: pdf,
              },
            ]),
      ],
    },
  }
}
