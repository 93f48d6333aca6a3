import { afterEach, describe, expect, it } from 'vitest'
import { plainUpstream, startLoopback } from '../../../test/support/loopback.ts'
import { createUnpaywallFinder } from './unpaywall-finder.ts'

describe('createUnpaywallFinder', () => {
  const running: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const server of running.splice(0)) await server.close()
  })
  async function over(status: number, body: unknown) {
    const server = await startLoopback(() => ({ status, body: JSON.stringify(body) }))
    running.push(server)
    const options = { upstream: plainUpstream(), endpoint: server.endpoint, email: 'a@example.org' }
    return { ...server, finder: createUnpaywallFinder(options) }
  }
  const paper = { title: 'Shade', authors: [], doi: '10.1234/a(1)' }

  it('gives the best place first, each once, and nothing that is no web address', async () => {
    const best = { url_for_pdf: 'https://a.example/1.pdf', version: 'publishedVersion', license: 'cc-by' }
    const { finder, requests } = await over(200, {
      doi: paper.doi,
      best_oa_location: best,
      oa_locations: [
        { url_for_pdf: null, url_for_landing_page: 'https://b.example/1', version: 'acceptedVersion' },
        best,
        { url_for_pdf: 'javascript:alert(1)' },
        null,
      ],
    })
    expect(await finder.find(paper)).toEqual([
      { url: 'https://a.example/1.pdf', version: 'published', license: 'cc-by', isPdf: true },
      { url: 'https://b.example/1', version: 'accepted', isPdf: false },
    ])
    expect(requests[0]!.url.searchParams.get('email')).toBe('a@example.org')
    expect(decodeURIComponent(requests[0]!.url.pathname)).toBe('/v2/10.1234/a(1)')
  })

  it('knows no place of what is closed, unknown to it, or without DOI', async () => {
    const closed = await over(200, { best_oa_location: null, oa_locations: [] })
    expect(await closed.finder.find(paper)).toEqual([])
    const unknown = await over(404, { error: true, message: 'not in Unpaywall' })
    expect(await unknown.finder.find(paper)).toEqual([])
    expect(await unknown.finder.find({ title: 'Shade', authors: [] })).toEqual([])
    expect(unknown.requests).toHaveLength(1)
  })

  it('says what Unpaywall refuses, and that it needs an address', async () => {
    const { finder } = await over(422, { error: true, message: 'Please use your own email address' })
    await expect(finder.find(paper)).rejects.toMatchObject({
      code: 'source_failed',
      message: 'Unpaywall refused the request (HTTP 422): Please use your own email address',
    })
    expect(() => createUnpaywallFinder({ upstream: plainUpstream() })).toThrow('email')
  })
})
