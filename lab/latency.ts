import { hashOf, randomOf } from './corpus/random.ts'

/** Median time to answer, in milliseconds; hosts of full texts and all others take `host`. */
const medians: Readonly<Record<string, number>> = {
  arxiv: 900,
  openalex: 350,
  semanticscholar: 600,
  crossref: 500,
  europepmc: 450,
  pubmed: 400,
  core: 800,
  unpaywall: 300,
  host: 1_200,
}
/** Standard deviation of the logarithm: one answer in twenty takes more than twice the median. */
const spread = 0.45

/** Times to answer, in milliseconds: log-normal around each service's median, or none at all. */
export function createLatency(seed: number, mode: 'realistic' | 'none') {
  const asked = new Map<string, number>()
  return (service: string): number => {
    if (mode === 'none') return 0
    const count = asked.get(service) ?? 0
    asked.set(service, count + 1)
    const random = randomOf(seed, hashOf(...Buffer.from(service)), count, 7)
    // Box and Muller's transform; 1 - u is never 0.
    const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
    return (medians[service] ?? medians.host!) * Math.exp(spread * normal)
  }
}
export type Latency = ReturnType<typeof createLatency>
