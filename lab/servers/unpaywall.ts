import { Hono } from 'hono'
import { indexOf } from '../corpus/identifiers.ts'
import { recordOf } from '../corpus/records.ts'
import { json } from './answers.ts'
import { type Lab, type LabEnvironment, simulated } from './simulate.ts'

/** Unpaywall: open places of works with a DOI of Crossref's. Every request has to name an address to write to. */
export function unpaywallServer(lab: Lab): Hono<LabEnvironment> {
  const { corpus, ledger, now } = lab
  const app = new Hono<LabEnvironment>()
  app.use(simulated(lab, 'unpaywall'))
  app.get('/v2/*', (context) => {
    const email = context.req.query('email') ?? ''
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email) || /@example\.(?:com|org)$/.test(email)) {
      ledger.violate('unpaywall', 'no_contact', now(), 'a request without an address of its own')
      return json(
        { error: true, HTTP_status_code: 422, message: 'Please use your own email address in API calls.' },
        422,
      )
    }
    const doi = decodeURIComponent(new URL(context.req.url).pathname.replace(/^.*?\/v2\//, ''))
    const index = indexOf.doi(doi)
    if (index === undefined || index >= corpus.size || !corpus.isIn(index, 'crossref'))
      return json(
        { error: true, HTTP_status_code: 404, message: `'${doi.slice(0, 200)}' isn't in Unpaywall.` },
        404,
      )
    return json(answerOf(lab, index))
  })
  return app
}

function answerOf({ corpus, fullTextOf, origin }: Lab, index: number): Record<string, unknown> {
  const { paper, title, year } = recordOf(corpus, index, 'crossref')
  const pdf = fullTextOf(paper)
  const place = (url: string, page: string, version: string, host: string) => ({
    url,
    url_for_pdf: url,
    url_for_landing_page: page,
    version,
    license: host === 'publisher' ? 'cc-by' : null,
    host_type: host,
    is_best: false,
  })
  const places = [
    ...(pdf === undefined
      ? []
      : [place(pdf, `https://doi.org/${paper.doi}`, 'publishedVersion', 'publisher')]),
    ...(paper.arxivId === undefined
      ? []
      : [
          place(
            `${origin()}/arxiv/pdf/${paper.arxivId}`,
            `https://arxiv.org/abs/${paper.arxivId}`,
            'submittedVersion',
            'repository',
          ),
        ]),
  ]
  const [best = null] = places
  return {
    doi: paper.doi,
    doi_url: `https://doi.org/${paper.doi}`,
    title,
    year,
    is_oa: best !== null,
    oa_status: best === null ? 'closed' : best.host_type === 'publisher' ? 'gold' : 'green',
    best_oa_location: best,
    oa_locations: places,
    journal_name: paper.venue,
  }
}
