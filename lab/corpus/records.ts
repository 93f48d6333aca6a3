import { abstractOf } from './content.ts'
import type { Corpus } from './corpus.ts'
import type { LabPaper } from './paper.ts'
import { randomOf } from './random.ts'
import { type PaperService, paperServices } from './services.ts'

/** What one service says of a paper: never quite what another says. */
export interface ServiceRecord {
  readonly paper: LabPaper
  readonly title: string
  readonly authors: readonly { readonly given: string; readonly family: string }[]
  readonly year: number
  readonly doi: string | undefined
  readonly abstract: string | undefined
}

/** Words that titles in title case leave small. */
const small = /^(?:a|an|and|as|for|from|in|of|on|the|to|versus|with)$/

/** The record that a service has of a paper, with the slips and habits of such services. */
export function recordOf(corpus: Corpus, index: number, service: PaperService): ServiceRecord {
  const paper = corpus.paper(index)
  const random = randomOf(corpus.seed, index, 101 + paperServices.indexOf(service))
  const { title, authors, year } = paper
  const habits: Readonly<Record<PaperService, () => string>> = {
    arxiv: () => (random.chance(0.3) ? title.replace(/: /, ':\n  ') : title),
    openalex: () =>
      random.chance(0.04)
        ? `<i>${title.replace(/: /, '</i>: ')}${title.includes(': ') ? '' : '</i>'}`
        : title,
    semanticscholar: () => (random.chance(0.15) ? titleCase(title) : title),
    crossref: () =>
      random.chance(0.12) ? titleCase(title) : random.chance(0.03) ? title.toUpperCase() : title,
    europepmc: () => `${title}.`,
    pubmed: () => `${title}.`,
    core: () => (random.chance(0.2) ? title.replace(/: .*/, '') : title),
  }
  const lacksAbstract: Readonly<Record<PaperService, number>> = {
    arxiv: 0,
    openalex: 0.08,
    semanticscholar: 0.15,
    crossref: 0.6,
    europepmc: 0.03,
    pubmed: 0.05,
    core: 0.2,
  }
  const shortensNames = service === 'semanticscholar' ? 0.4 : service === 'crossref' ? 0.2 : 0.05
  const isShort = random.chance(shortensNames)
  return {
    paper,
    title: habits[service](),
    authors: isShort
      ? authors.map(({ given, family }) => ({ given: `${given.charAt(0)}.`, family }))
      : authors,
    year: service !== 'arxiv' && random.chance(0.04) ? Math.min(2026, year + 1) : year,
    doi: service !== 'crossref' && random.chance(0.05) ? undefined : paper.doi,
    abstract: random.chance(lacksAbstract[service]) ? undefined : abstractOf(corpus, paper),
  }
}

function titleCase(title: string): string {
  return title.replace(/\S+/g, (word, at: number) =>
    at > 0 && small.test(word) ? word : word.charAt(0).toUpperCase() + word.slice(1),
  )
}
