import type { DocumentFailure } from '../../contract/document.ts'
import { ElsewhereError, messageOf, SheafError, WaitingError } from '../../errors.ts'
import { type Measure, unmeasured } from '../../telemetry/measure.ts'
import type { Upstream, UpstreamResponse } from '../../upstream/upstream.ts'
import type { Download, FullTexts } from '../full-texts.ts'
import { readLandingPage } from '../live/landing-page.ts'
import type { FullTextFinder } from '../source.ts'
import { doorForPrograms, hostService } from './host-service.ts'

/** The largest full text that is downloaded, in bytes; larger ones are books, or harm. */
const largest = 100 * 1024 * 1024

/** Full texts from any host, each a service with limits of its own. */
export function createFullTexts({
  upstream,
  finders,
  measure = unmeasured,
}: {
  upstream: Upstream
  finders: readonly FullTextFinder[]
  /** Told of each host that did not give what it was asked for. */
  measure?: Pick<Measure, 'downloadFailed'>
}): FullTexts {
  return {
    async find(paper, signal) {
      const found = await Promise.all(
        finders.map(async (finder) => {
          try {
            return await finder.find(paper, signal)
          } catch (thrown) {
            if (!SheafError.isInstance(thrown)) throw thrown
            if (WaitingError.isInstance(thrown) || ElsewhereError.isInstance(thrown)) throw thrown
            if (thrown.code === 'cancelled') throw thrown
            return []
          }
        }),
      )
      return found.flat()
    },

    async download(url, { mayVisit = () => true, signal } = {}) {
      if (!URL.canParse(url)) return failed('address_refused', `${url} is not a web address.`)
      const address = new URL(url)
      const door = doorForPrograms(address)
      if (door && mayVisit(door.href)) {
        const download = await downloadFrom(door, mayVisit, signal)
        // What is too new for the one may be at the other already; what it refuses is refused.
        if (download.ok || download.failure.code !== 'unreachable') return download
      }
      return downloadFrom(address, mayVisit, signal)
    },
  }

  async function downloadFrom(
    address: URL,
    mayVisit: (url: string) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Download> {
    let isBarred = false
    try {
      const response = await upstream.request({
        service: hostService(address),
        serviceAt(to) {
          isBarred = !mayVisit(to.href)
          if (!isBarred) return hostService(to)
          throw new SheafError(
            'address_refused',
            `${address.host} leads to ${to.host}, which is not on the allowed list.`,
          )
        },
        url: address.href,
        headers: { accept: 'application/pdf, */*;q=0.1' },
        maxBytes: largest,
        signal,
      })
      const download = judge(response)
      if (!download.ok) measure.downloadFailed(new URL(response.url).hostname)
      return download
    } catch (thrown) {
      if (!SheafError.isInstance(thrown)) throw thrown
      if (isBarred) return failed('not_approved', messageOf(thrown))
      if (thrown.code === 'address_refused') return failed('address_refused', messageOf(thrown))
      if (thrown.code === 'upstream_failed') {
        measure.downloadFailed(address.hostname)
        return failed('unreachable', messageOf(thrown))
      }
      throw thrown
    }
  }
}

function judge({ status, body, headers, url }: UpstreamResponse): Download {
  const { host } = new URL(url)
  if (status === 200 && looksLikePdf(body)) return { ok: true, bytes: body }
  if ([401, 402, 403, 407, 451].includes(status))
    return failed('refused_by_host', `${host} does not give it to programs (HTTP ${status}).`)
  if (status !== 200) return failed('unreachable', `${host} does not have it any more (HTTP ${status}).`)
  const kind = (headers['content-type'] ?? 'something unnamed').split(';', 1)[0]!
  const noPdf = failed('not_a_full_text', `${host} gave ${kind} instead of a PDF.`)
  return /html/i.test(kind) ? { ...noPdf, leadsTo: pdfsNamedBy(body, url) } : noPdf
}

/** What a page about a work names as its PDF, for Google Scholar and others: `citation_pdf_url`. */
function pdfsNamedBy(body: Uint8Array, url: string): string[] {
  const { locations = [] } = readLandingPage(new TextDecoder().decode(body), url) ?? {}
  return locations.map((location) => location.url).filter((address) => address !== url)
}

/** The header must stand in the first 1,024 bytes (PDF 1.7, Adobe's implementation note 13). */
function looksLikePdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).includes('%PDF-')
}

function failed(code: DocumentFailure['code'], message: string): Extract<Download, { ok: false }> {
  return { ok: false, failure: { code, message } }
}
