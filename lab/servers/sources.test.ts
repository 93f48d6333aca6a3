import { afterEach, describe, expect, it } from 'vitest'
import { liveSources } from '../../src/sources/catalogue.ts'
import type { Upstream } from '../../src/upstream/upstream.ts'
import { plainUpstream } from '../../test/support/loopback.ts'
import { questions } from '../corpus/questions.ts'
import { type RunningLab, startLab } from '../lab.ts'

let lab: RunningLab
let clock = 0
afterEach(() => lab.close())

/** A lab in which each request comes three seconds after the one before has been answered, and a way to it. */
async function start() {
  clock = Date.UTC(2026, 10, 24)
  lab = await startLab({ papers: 6_000, now: () => clock })
  const plain = plainUpstream()
  let last: Promise<unknown> = Promise.resolve()
  const upstream: Upstream = {
    request(request) {
      const answer = last.then(() => {
        clock += 3_000
        return plain.request(request)
      })
      last = answer
      return answer
    },
  }
  return (name: string) => ({
    upstream,
    endpoint: lab.endpoints[name]!,
    limit: 120,
    email: 'reader@university.edu',
    apiKey: 'lab-key',
  })
}
const { concepts } = questions.find(({ topic }) => topic === 'fasting-glycaemia')!
const plan = {
  concepts: concepts.map(({ term, synonyms }) => ({ term, synonyms: [...synonyms] })),
  since: 2012,
}

describe("Sheaf's own sources", () => {
  for (const { name, title, make, makeFinder } of liveSources) {
    it(`find papers at the simulated ${title}`, async () => {
      const optionsOf = await start()
      const source = make(optionsOf(name))
      const records = await source.fetch({ reference: 'search', terms: plan })
      expect(records.length).toBeGreaterThan(name === 'arxiv' ? 0 : 20)
      for (const { fields } of records) {
        expect(fields.title.length).toBeGreaterThan(10)
        expect(fields.year).toBeGreaterThanOrEqual(2012)
        expect(fields.authors.length).toBeGreaterThan(0)
      }
      if (name !== 'pubmed')
        expect(records.some(({ locations = [] }) => locations.some(({ isPdf }) => isPdf))).toBe(true)
      const withDoi = records.find(({ fields }) => fields.doi !== undefined)!
      const places = await Promise.all(
        records.slice(0, 9).map(({ fields }) => makeFinder?.(optionsOf(name)).find(fields) ?? []),
      )
      if (makeFinder && name !== 'arxiv') expect(places.flat().length).toBeGreaterThan(0)
      if (source.chase) {
        const linked = await Promise.all(
          records
            .slice(0, 20)
            .flatMap(({ fields }) => [
              source.chase!(fields, 'backward', 50),
              source.chase!(fields, 'forward', 50),
            ]),
        )
        expect(linked.flat().length).toBeGreaterThan(20)
      }
      expect(withDoi).toBeDefined()
      expect(lab.violationCounts()).toEqual({})
    })
  }

  it('finds what is not the same from service to service', async () => {
    const optionsOf = await start()
    const titles = new Map<string, Set<string>>()
    for (const { name, make } of liveSources) {
      for (const { fields } of await make(optionsOf(name)).fetch({ reference: 'search', terms: plan })) {
        if (fields.doi) titles.set(fields.doi, (titles.get(fields.doi) ?? new Set()).add(fields.title))
      }
    }
    const several = [...titles.values()].filter((all) => all.size > 1)
    expect(several.length).toBeGreaterThan(5)
  })
})
