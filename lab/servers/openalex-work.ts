import { openAlexIdOf } from '../corpus/identifiers.ts'
import { recordOf } from '../corpus/records.ts'
import { dateOf } from './answers.ts'
import type { Lab } from './simulate.ts'

const base = 'https://openalex.org'

/** A work as OpenAlex gives it. */
export function openAlexWork(lab: Lab, index: number) {
  const { corpus, origin, fullTextOf } = lab
  const { paper, title, authors, year, doi, abstract } = recordOf(corpus, index, 'openalex')
  const id = `${base}/${openAlexIdOf(index)}`
  const arxivDoi = paper.arxivId === undefined ? undefined : `10.48550/arxiv.${paper.arxivId}`
  const address = (value: string | undefined): string | null =>
    value === undefined ? null : `https://doi.org/${value}`
  const pdf = fullTextOf(paper)
  const source = {
    id: `${base}/S${4_210_000_000 + paper.venue.length}`,
    display_name: paper.venue,
    type: paper.kind === 'journal' ? 'journal' : paper.kind === 'conference' ? 'conference' : 'repository',
    host_organization_name: paper.kind === 'preprint' ? 'Cornell University' : 'Lab Academic Press',
  }
  const published = {
    is_oa: pdf !== undefined,
    landing_page_url: address(doi ?? arxivDoi),
    pdf_url: pdf ?? null,
    source,
    license: pdf === undefined ? null : 'cc-by',
    version: 'publishedVersion',
  }
  const preprint =
    paper.arxivId === undefined
      ? undefined
      : {
          is_oa: true,
          landing_page_url: `https://arxiv.org/abs/${paper.arxivId}`,
          pdf_url: `${origin()}/arxiv/pdf/${paper.arxivId}`,
          source: {
            id: `${base}/S4306400194`,
            display_name: 'arXiv',
            type: 'repository',
            host_organization_name: 'Cornell University',
          },
          license: null,
          version: 'submittedVersion',
        }
  const locations = [
    ...(paper.kind === 'preprint' && preprint ? [] : [published]),
    ...(preprint ? [preprint] : []),
  ]
  const best = locations.find((location) => location.is_oa) ?? null
  const date = dateOf({ ...paper, year })
  return {
    id,
    doi: address(doi ?? arxivDoi),
    title,
    display_name: title,
    publication_year: year,
    publication_date: date,
    ids: {
      openalex: id,
      ...(doi !== undefined && { doi: address(doi) }),
      ...(paper.pmid !== undefined && { pmid: `https://pubmed.ncbi.nlm.nih.gov/${paper.pmid}` }),
      ...(paper.pmcid !== undefined && {
        pmcid: `https://www.ncbi.nlm.nih.gov/pmc/articles/${paper.pmcid.slice(3)}`,
      }),
    },
    language: 'en',
    type: paper.kind === 'preprint' ? 'preprint' : 'article',
    authorships: authors.map(({ given, family }, at) => ({
      author_position: at === 0 ? 'first' : at === authors.length - 1 ? 'last' : 'middle',
      author: {
        id: `${base}/A${5_000_000_000 + ((index * 7 + at) % 900_000)}`,
        display_name: `${given} ${family}`,
        orcid: null,
      },
      raw_author_name: `${given} ${family}`,
      institutions: [],
    })),
    abstract_inverted_index: abstract === undefined ? null : inverted(abstract),
    primary_location: locations[0] ?? null,
    best_oa_location: best,
    locations,
    open_access: {
      is_oa: best !== null,
      oa_status: best === null ? 'closed' : best === preprint ? 'green' : 'gold',
      oa_url: best?.pdf_url ?? null,
      any_repository_has_fulltext: preprint !== undefined,
    },
    biblio: {
      volume: `${paper.volume}`,
      issue: `${paper.issue}`,
      first_page: `${paper.firstPage}`,
      last_page: `${paper.firstPage + 11}`,
    },
    keywords: paper.topic.subject.slice(0, 2).map((term) => ({ display_name: term, score: 0.5 })),
    has_content: { pdf: best !== null, grobid_xml: false },
    is_retracted: paper.retracted,
    is_xpac: false,
    fwci: 1,
    funders: [],
    awards: [],
    get cited_by_count(): number {
      return [...corpus.citations(index)].length
    },
    get referenced_works(): string[] {
      return corpus
        .references(index)
        .filter((other) => corpus.isIn(other, 'openalex'))
        .map((other) => `${base}/${openAlexIdOf(other)}`)
    },
    get referenced_works_count(): number {
      return corpus.references(index).length
    },
  }
}
export type OpenAlexWork = ReturnType<typeof openAlexWork>

/** A text as the places of its words, which is how abstracts are given. */
function inverted(text: string): Record<string, number[]> {
  const places: Record<string, number[]> = Object.create(null)
  for (const [at, word] of text.split(/\s+/).entries()) {
    const known = places[word] ?? []
    places[word] = known
    known.push(at)
  }
  return places
}
