import type { DocumentFailure } from '../contract/document.ts'
import type { BibliographicFields, FullTextLocation } from '../contract/paper.ts'

/** What a place of a full text gave: the bytes of a PDF, or why not. */
export type Download =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | {
      readonly ok: false
      readonly failure: DocumentFailure
      /** Addresses of PDFs that the page there names, where a page was there instead. */
      readonly leadsTo?: readonly string[]
    }

export interface DownloadOptions {
  /** Whether an address may be asked to which the place redirects. Default: all may. */
  readonly mayVisit?: (url: string) => boolean
  readonly signal?: AbortSignal | undefined
}

/** Gets full texts from where they are open to everybody. */
export interface FullTexts {
  /** Places beyond those that the records name, best first. A service that fails is left out. */
  find(paper: BibliographicFields, signal?: AbortSignal): Promise<FullTextLocation[]>
  /**
   * Downloads from one place. That it cannot be had is an answer, not an exception.
   * @throws {WaitingError} when the host's turn is far away; {SheafError} `cancelled`
   */
  download(url: string, options?: DownloadOptions): Promise<Download>
}
