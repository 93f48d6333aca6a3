import type { BibliographicFields } from '../contract/paper.ts'
import { formatReference } from '../methods/references/format-reference.ts'
import { doiAddress, webAddress } from './displayable.ts'

/** A reference cut before its address, so that only the address becomes a link. */
export interface ReferenceParts {
  text: string
  /** The address as the reference prints it, and as a link has it; absent when there is none that is safe to follow. */
  link?: { printed: string; address: string }
}

/** Where a work can be found: by its DOI, else on arXiv, else at the address it came with if that is http(s). */
export function workAddress({ doi, arxivId, url }: BibliographicFields): string | undefined {
  if (doi !== undefined) return doiAddress(doi)
  return webAddress(arxivId === undefined ? url : `https://arxiv.org/abs/${arxivId}`)
}

/** The work's reference (see {@link formatReference}) with the address at its end taken off. */
export function referenceParts(fields: BibliographicFields): ReferenceParts {
  const text = formatReference(fields)
  const address = workAddress(fields)
  const printed = /https?:\/\/\S+$/.exec(text)?.[0]
  if (address === undefined || printed === undefined) return { text }
  return { text: text.slice(0, -printed.length).trimEnd(), link: { printed, address } }
}
