import { corpusIdOf, paperIdOf } from '../corpus/identifiers.ts'
import { randomOf } from '../corpus/random.ts'
import { recordOf } from '../corpus/records.ts'
import { dateOf } from './answers.ts'
import type { Lab } from './simulate.ts'

/** Lists of papers beside a paper. */
export type Link = 'references' | 'citations'

/** A request for fields that do not exist. */
export class UnknownFields extends Error {}

const known = new Set(
  'paperId corpusId externalIds url title abstract venue publicationVenue year referenceCount citationCount influentialCitationCount isOpenAccess openAccessPdf fieldsOfStudy s2FieldsOfStudy publicationTypes publicationDate journal authors tldr embedding textAvailability contexts intents isInfluential citationStyles'.split(
    ' ',
  ),
)

/**
 * The fields that a request names.
 * @throws {UnknownFields} for those that do not exist
 */
export function fieldsOf(text: string | undefined): string[] {
  const fields = text === undefined ? ['title'] : text.split(',').map((field) => field.trim())
  const unknown = fields.filter((field) => !known.has(field.split('.')[0]!))
  if (unknown.length > 0)
    throw new UnknownFields(`Unrecognized or unsupported fields: [${unknown.join(', ')}]`)
  return fields
}

/** A paper with those fields, and its identifier always. */
export function semanticScholarPaper({ corpus, fullTextOf }: Lab, index: number, fields: readonly string[]) {
  const { paper, title, authors, year, doi, abstract } = recordOf(corpus, index, 'semanticscholar')
  const paperId = paperIdOf(index)
  const pdf = fullTextOf(paper)
  const values: Readonly<Record<string, () => unknown>> = {
    corpusId: () => corpusIdOf(index),
    externalIds: () => ({
      CorpusId: corpusIdOf(index),
      ...(doi !== undefined && { DOI: doi.toUpperCase() }),
      ...(paper.arxivId !== undefined && { ArXiv: paper.arxivId }),
      ...(paper.pmid !== undefined && { PubMed: paper.pmid }),
      ...(paper.pmcid !== undefined && { PubMedCentral: paper.pmcid.slice(3) }),
    }),
    url: () => `https://www.semanticscholar.org/paper/${paperId}`,
    title: () => title,
    abstract: () => abstract ?? null,
    venue: () => paper.venue,
    publicationVenue: () => (paper.kind === 'preprint' ? null : { name: paper.venue, type: paper.kind }),
    year: () => year,
    referenceCount: () => corpus.references(index).length,
    citationCount: () => [...corpus.citations(index)].length,
    influentialCitationCount: () => 0,
    isOpenAccess: () => pdf !== undefined,
    openAccessPdf: () =>
      pdf === undefined ? null : { url: pdf, status: 'GOLD', license: 'CCBY', disclaimer: '' },
    publicationTypes: () =>
      paper.kind === 'preprint' ? null : [paper.kind === 'journal' ? 'JournalArticle' : 'Conference'],
    publicationDate: () => dateOf({ ...paper, year }),
    journal: () => ({
      name: paper.venue,
      volume: `${paper.volume}`,
      pages: `${paper.firstPage}-${paper.firstPage + 11}`,
    }),
    authors: () =>
      authors.map(({ given, family }, at) => ({
        authorId: `${(index * 7 + at) % 900_000}`,
        name: `${given} ${family}`,
      })),
    tldr: () => (abstract === undefined ? null : { model: 'tldr@v2.0.0', text: abstract.split('. ')[0] }),
    embedding: () => ({ model: 'specter_v2', vector: vectorOf(index) }),
    textAvailability: () => (pdf === undefined ? 'abstract' : 'fulltext'),
  }
  const named = fields.map((field) => field.split('.')[0]!).filter((field) => field !== 'paperId')
  return { paperId, ...Object.fromEntries(named.map((field) => [field, values[field]?.() ?? null])) }
}

/** 768 numbers as long as real ones are; they mean nothing. */
function vectorOf(index: number): number[] {
  const random = randomOf(index, 768)
  return Array.from({ length: 768 }, () => random.next() * 2 - 1)
}
