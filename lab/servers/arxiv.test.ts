import { afterEach, describe, expect, it } from 'vitest'
import { createCorpus } from '../corpus/corpus.ts'
import { relevanceOf } from '../corpus/truth.ts'
import { type RunningLab, startLab } from '../lab.ts'

let lab: RunningLab
let clock = 0
afterEach(() => lab.close())

/** A lab whose clock goes on by three seconds for each request, unless told. */
async function start(step = 3_000) {
  clock = Date.UTC(2026, 10, 24)
  let last = clock
  lab = await startLab({ papers: 3_000, now: () => clock })
  return async (query: Record<string, string>) => {
    last += step
    clock = last
    const response = await fetch(`${lab.endpoints.arxiv}/api/query?${new URLSearchParams(query)}`)
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
}
const totalOf = (body: string) => Number(/<opensearch:totalResults>(\d+)</.exec(body)![1])
const idsOf = (body: string) =>
  [...body.matchAll(/<id>http:\/\/arxiv\.org\/abs\/([^<]+)</g)].map(([, id]) => id!)

describe('the simulated arXiv', () => {
  it('understands prefixes, operators, brackets, phrases and dates', async () => {
    const ask = await start()
    const total = async (search_query: string) =>
      totalOf((await ask({ search_query, max_results: '0' })).body)
    const both = await total('all:"retrieval augmentation" AND all:hallucination')
    const one = await total('all:"retrieval augmentation"')
    expect(both).toBeGreaterThan(10)
    expect(one).toBeGreaterThan(both)
    expect(await total('all:"retrieval augmentation" ANDNOT all:hallucination')).toBe(one - both)
    expect(await total('all:"augmentation retrieval"')).toBe(0)
    expect(await total('ti:"retrieval augmentation"')).toBeLessThan(one)
    expect(await total('(all:"retrieval augmentation" OR all:fasting) AND all:hallucination')).toBe(both)
    expect(await total('cat:cs.CL')).toBeGreaterThanOrEqual(one)
    const since = await total('all:"retrieval augmentation" AND submittedDate:[202001010000 TO 999912312359]')
    const until = await total('all:"retrieval augmentation" AND submittedDate:[199101010000 TO 201912312359]')
    expect(since).toBeGreaterThan(0)
    expect(since + until).toBe(one)
  })

  it('puts papers that answer a question before others, and gives pages without gaps', async () => {
    const ask = await start()
    const search_query = 'all:"retrieval augmentation" AND all:hallucination AND all:"large language models"'
    const first = await ask({ search_query, start: '0', max_results: '6' })
    const second = await ask({ search_query, start: '6', max_results: '6' })
    const all = await ask({ search_query, max_results: '12' })
    expect([...idsOf(first.body), ...idsOf(second.body)]).toEqual(idsOf(all.body))
    const corpus = createCorpus({ seed: 1, papers: 3_000 })
    for (const id of idsOf(all.body))
      expect(relevanceOf(corpus, Number(id.slice(5, 10)), 'retrieval-hallucination')).toBeGreaterThan(0)
  })

  it('finds papers by identifier, pinned or newest, and leaves out what it does not have', async () => {
    const ask = await start()
    const { body } = await ask({ search_query: 'cat:cs.SE', max_results: '2' })
    const [first, second] = idsOf(body) as [string, string]
    const bare = first.replace(/v\d+$/, '')
    const listed = await ask({ id_list: `${bare},${second.replace(/v\d+$/, 'v1')},0801.99999` })
    expect(idsOf(listed.body)).toEqual([first, second.replace(/v\d+$/, 'v1')])
    expect(totalOf((await ask({ id_list: '0801.99999' })).body)).toBe(0)
    expect((await ask({ id_list: `${bare}v99` })).status).toBe(200)
  })

  it('refuses in the form of a feed that has one result', async () => {
    const ask = await start()
    const bad = await ask({ id_list: 'abc' })
    expect(bad.status).toBe(400)
    expect(totalOf(bad.body)).toBe(1)
    expect(bad.body).toContain('https://arxiv.org/api/errors#incorrect_id_format_for_abc')
    for (const query of [
      { start: '-1' },
      { max_results: 'ten' },
      { max_results: '2001' },
      { search_query: 'all:(a' },
    ])
      expect((await ask({ search_query: 'all:a', ...query })).status).toBe(400)
    expect((await ask({ search_query: 'all:a', start: '9990' })).status).toBe(200)
    expect((await ask({ search_query: 'all:a', start: '9991' })).status).toBe(500)
  })

  it('minds haste and parallel requests, and refuses who goes on, now and then saying until when', async () => {
    const ask = await start(2_000)
    const answers = []
    for (let at = 0; at < 6; at++)
      answers.push(await ask({ search_query: 'all:hallucination', max_results: '1' }))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 429])
    expect(answers.slice(4).map(({ headers }) => headers.get('retry-after'))).toEqual(['10', null])
    expect(answers[4]!.body).toBe('Rate exceeded.')
    expect(lab.violationCounts()).toEqual({ too_early: 5 })
    expect(lab.violations()[0]).toMatchObject({
      service: 'arxiv',
      detail: '2000 ms after the request before',
    })
    lab.reset()
    expect(lab.violations()).toEqual([])
  })

  it('notes two requests at once', async () => {
    await start()
    lab.setFaults({ arxiv: 1 })
    // Under full faults some of them are left without an answer, and so are under way still.
    const stop = new AbortController()
    const url = `${lab.endpoints.arxiv}/api/query?search_query=all:a`
    const waiting = Array.from({ length: 20 }, () =>
      fetch(url, { signal: stop.signal }).catch(() => undefined),
    )
    while ((lab.violationCounts().too_many_connections ?? 0) === 0)
      await new Promise((next) => setTimeout(next, 5))
    stop.abort()
    await Promise.all(waiting)
    expect(lab.requests().arxiv!.most).toBeGreaterThan(1)
  })

  it('now and then gives a sound page without entries', async () => {
    const ask = await start()
    lab.setFaults({ arxiv: 0.5 })
    let isEmpty = false
    for (let at = 0; at < 60 && !isEmpty; at++) {
      const answer = await Promise.race([
        ask({ search_query: 'all:hallucination' }).catch(() => undefined),
        new Promise<undefined>((next) => setTimeout(() => next(undefined), 50)),
      ])
      isEmpty = answer?.status === 200 && totalOf(answer.body) === 0
    }
    expect(isEmpty).toBe(true)
  })

  it('gives full texts of the version that is asked for', async () => {
    const ask = await start()
    const { body } = await ask({ search_query: 'cat:cs.SE', max_results: '1' })
    const pdf = /href="([^"]+)" rel="related" type="application\/pdf"/.exec(body)![1]!
    const response = await fetch(pdf)
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
    expect((await fetch(pdf.replace(/v\d+$/, 'v9'))).status).toBe(404)
  })
})
