import type { DocumentFailure } from '../../contract/document.ts'
import type { BibliographicRecord } from '../../contract/paper.ts'
import { ElsewhereError, messageOf, SheafError, WaitingError } from '../../errors.ts'
import type { Upstream, UpstreamResponse } from '../../upstream/upstream.ts'
import { fetchArxivPapers } from '../arxiv/arxiv-source.ts'
import { fetchCrossrefWork } from '../crossref/crossref-source.ts'
import { hostService } from '../hosts/host-service.ts'
import { readLandingPage } from '../live/landing-page.ts'
import type { LiveSourceOptions } from '../live/search-source.ts'
import { fetchOpenAlexWork } from '../openalex/openalex-source.ts'
import { fetchPubmedArticles } from '../pubmed/pubmed-source.ts'
import type { Source, SourceItem } from '../source.ts'
import { type Identifier, readIdentifier } from './identifier.ts'

/** One request's worth of what a person named: all papers of arXiv or PubMed together, each other work alone. */
export type GivenItem = SourceItem &
  (
    | { kind: 'arxiv' | 'pubmed'; ids: string[] }
    | { kind: 'doi'; id: string }
    | { kind: 'pdf' | 'page'; url: string }
    | { kind: 'unknown'; text: string }
  )

export interface GivenOptions {
  readonly upstream: Upstream
  /** As the person gave them, see {@link readIdentifier}. */
  readonly identifiers: readonly string[]
  /** How the services are asked that know works by their identifiers. */
  readonly services: Readonly<Record<'arxiv' | 'crossref' | 'openalex' | 'pubmed', LiveSourceOptions>>
}

/** Pages about works are smaller. In bytes. */
const largestPage = 5_000_000

/**
 * The works that a person named, as a source. What cannot be found is a record with a failure that says so.
 * @throws {SheafError} `invalid_input` when none is named
 */
export function createGivenSource({ upstream, identifiers, services }: GivenOptions): Source<GivenItem> {
  const named = [...new Set(identifiers.map((identifier) => identifier.trim()).filter(Boolean))]
  if (named.length === 0) {
    throw new SheafError('invalid_input', 'No work was named.', {
      advice: 'Give a DOI, an arXiv id or an address.',
    })
  }

  async function fetchDoi(doi: string, signal?: AbortSignal): Promise<BibliographicRecord> {
    const found =
      (await unlessFailing(() => fetchCrossrefWork(services.crossref, doi, signal))) ??
      (await fetchOpenAlexWork(services.openalex, { doi }, signal))
    return found
      ? given(doi, found)
      : failed(doi, 'unreachable', `Neither Crossref nor OpenAlex knows the DOI ${doi}.`)
  }

  async function fetchPage(url: string, signal?: AbortSignal): Promise<BibliographicRecord> {
    const { host } = new URL(url)
    let response: UpstreamResponse
    try {
      response = await upstream.request({
        service: hostService(new URL(url)),
        serviceAt: hostService,
        url,
        headers: { accept: 'text/html, application/pdf;q=0.9, */*;q=0.1' },
        maxBytes: largestPage,
        cache: 'search',
        signal,
      })
    } catch (thrown) {
      if (!SheafError.isInstance(thrown)) throw thrown
      if (thrown.code === 'address_refused') return failed(url, 'address_refused', messageOf(thrown))
      if (thrown.code === 'upstream_failed') return failed(url, 'unreachable', messageOf(thrown))
      throw thrown
    }
    const { status, body } = response
    if ([401, 402, 403, 407, 451].includes(status)) {
      return failed(url, 'refused_by_host', `${host} does not show it to programs (HTTP ${status}).`)
    }
    if (status !== 200) return failed(url, 'unreachable', `${host} does not have it (HTTP ${status}).`)
    if (Buffer.from(body.subarray(0, 1_024)).includes('%PDF-')) return pdfRecord(url)
    const record = readLandingPage(textOf(response), response.url)
    const nothing = `The page at ${host} does not name a work. Give its DOI, or the address of its PDF.`
    return record ? given(url, record) : failed(url, 'not_a_full_text', nothing)
  }

  return {
    name: 'given',

    query: () => `the works named: ${named.join(', ')}`,

    async list(_plan, signal) {
      signal?.throwIfAborted()
      return itemsOf(named.map(readIdentifier))
    },

    async fetch(item, signal) {
      signal?.throwIfAborted()
      switch (item.kind) {
        case 'arxiv': {
          const found = await fetchArxivPapers(services.arxiv, item.ids, signal)
          return item.ids.map((id) => {
            const record = found.find(({ reference }) => reference === id.replace(/v\d+$/, ''))
            const name = `arXiv:${id}`
            return record ? given(name, record) : failed(name, 'unreachable', `arXiv has no paper ${id}.`)
          })
        }
        case 'pubmed': {
          const found = await fetchPubmedArticles(services.pubmed, item.ids, signal)
          return item.ids.map((id) => {
            const record = found.find(({ reference }) => reference === id)
            const name = `PMID:${id}`
            return record ? given(name, record) : failed(name, 'unreachable', `PubMed has no article ${id}.`)
          })
        }
        case 'doi':
          return [await fetchDoi(item.id, signal)]
        case 'pdf':
          return [pdfRecord(item.url)]
        case 'page':
          return [await fetchPage(item.url, signal)]
        case 'unknown': {
          const advice = 'Give a DOI, an arXiv or PubMed identifier, or a web address.'
          return [failed(item.reference, 'address_refused', `“${item.reference}” names no work. ${advice}`)]
        }
      }
    },
  }
}

function itemsOf(identifiers: readonly Identifier[]): GivenItem[] {
  const items = new Map<string, GivenItem>()
  for (const [kind, name] of [
    ['arxiv', 'arXiv'],
    ['pubmed', 'PubMed'],
  ] as const) {
    const ids = [...new Set(identifiers.flatMap((each) => (each.kind === kind ? [each.id] : [])))]
    if (ids.length > 0) items.set(kind, { reference: `${name} ${ids.join(', ')}`.slice(0, 200), kind, ids })
  }
  for (const each of identifiers) {
    if (each.kind === 'doi') items.set(each.id, { reference: each.id, ...each })
    if (each.kind === 'pdf' || each.kind === 'page') items.set(each.url, { reference: each.url, ...each })
    if (each.kind === 'unknown') {
      const reference = each.text.replace(/[\p{C}\s]+/gu, ' ').slice(0, 200)
      items.set(reference, { reference, ...each })
    }
  }
  return [...items.values()]
}

/** Undefined where a service fails, so that another one may be asked; not where it lets us wait or is asked elsewhere, or we were stopped. */
async function unlessFailing<Found>(ask: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await ask()
  } catch (thrown) {
    if (!SheafError.isInstance(thrown) || thrown.code === 'cancelled') throw thrown
    if (WaitingError.isInstance(thrown) || ElsewhereError.isInstance(thrown)) throw thrown
    return undefined
  }
}

/** A record of another source under the name that the person used. */
function given(reference: string, record: BibliographicRecord): BibliographicRecord {
  return { ...record, key: `given:${reference}`, source: 'given', reference }
}

/** All that is known of a PDF is where it is; its file's name stands for a title until it has been read. */
function pdfRecord(url: string): BibliographicRecord {
  return { ...named(url, fileNameOf(url)), locations: [{ url, isPdf: true }] }
}

function failed(reference: string, code: DocumentFailure['code'], message: string): BibliographicRecord {
  return { ...named(reference, reference.slice(0, 300)), failure: { code, message } }
}

function named(reference: string, title: string): BibliographicRecord {
  return given(reference, {
    key: '',
    source: '',
    reference,
    fields: { title, authors: [] },
    origins: { title: 'file-name' },
  })
}

function fileNameOf(url: string): string {
  const { pathname, host } = new URL(url)
  const file = pathname
    .split('/')
    .at(-1)!
    .replace(/\.pdf$/i, '')
  return file.replace(/(?:[_+]|%20)+/g, ' ').trim() || host
}

/** The page's text in the encoding that its server names; UTF-8 when it names none, or one that is not known. */
function textOf({ body, headers }: UpstreamResponse): string {
  const label = /charset\s*=\s*"?([\w-]{1,40})/i.exec(headers['content-type'] ?? '')?.[1]
  try {
    return new TextDecoder(label).decode(body)
  } catch {
    // An encoding that nobody knows.
    return new TextDecoder().decode(body)
  }
}
