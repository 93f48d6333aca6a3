import { arxivIdOf, normalizeDoi } from '../../methods/references/identifiers.ts'
import { webAddress } from '../live/record.ts'

/** What a person named: a work by an identifier, or an address. */
export type Identifier =
  /** With its version, where one was named. */
  | { kind: 'arxiv'; id: string }
  | { kind: 'doi'; id: string }
  | { kind: 'pubmed'; id: string }
  | { kind: 'pdf'; url: string }
  | { kind: 'page'; url: string }
  | { kind: 'unknown'; text: string }

const arxivHost = /^(?:www\.|export\.)?arxiv\.org$/i
const doiHost = /^(?:dx\.|www\.)?doi\.org$/i

/**
 * Reads what a person gives as a work: a DOI (`10.…`, `doi:…`, `https://doi.org/…`), an arXiv identifier (`1706.03762v5`,
 * `arXiv:…`, an address there), a PubMed identifier (`29456894`, `PMID:…`, an address there), or the address of a PDF or of a
 * page about the work.
 */
export function readIdentifier(given: string): Identifier {
  const text = given.trim().slice(0, 2_000)
  const address = webAddress(text)
  if (address !== undefined) return ofAddress(new URL(address))
  const doi = /^(?:doi:\s*)?10\.\d/i.test(text) ? normalizeDoi(text) : undefined
  if (doi !== undefined) return ofDoi(doi)
  const pmid = /^(?:pmid:?\s*)?([1-9]\d{0,8})$/i.exec(text)?.[1]
  if (pmid !== undefined) return { kind: 'pubmed', id: pmid }
  return ofArxiv(text) ?? { kind: 'unknown', text }
}

function ofAddress(address: URL): Identifier {
  const path = decoded(address.pathname)
  const arxiv = arxivHost.test(address.hostname) ? ofArxiv(path.replace(/^\/[a-z]+\//, '')) : undefined
  if (arxiv) return arxiv
  const doi = doiHost.test(address.hostname) ? normalizeDoi(path) : undefined
  if (doi !== undefined) return ofDoi(doi)
  const isPubmed = /^(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov)$/.test(address.hostname)
  const pmid = /^\/(?:pubmed\/)?([1-9]\d{0,8})\/?$/.exec(path)?.[1]
  if (isPubmed && pmid !== undefined) return { kind: 'pubmed', id: pmid }
  return { kind: /\.pdf$/i.test(path) ? 'pdf' : 'page', url: address.href }
}

function ofDoi(doi: string): Identifier {
  const arxiv = /^10\.48550\/arxiv\.(.+)$/.exec(doi)?.[1]
  return (arxiv === undefined ? undefined : ofArxiv(arxiv)) ?? { kind: 'doi', id: doi }
}

function ofArxiv(text: string): Identifier | undefined {
  const [, named = '', version = ''] = /^(?:arxiv:\s*)?(.+?)(v\d{1,3})?(?:\.pdf)?\/?$/i.exec(text) ?? []
  const id = arxivIdOf(named)
  return id === undefined ? undefined : { kind: 'arxiv', id: `${id}${version.toLowerCase()}` }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // A stray percent sign: the path as it stands.
    return path
  }
}
