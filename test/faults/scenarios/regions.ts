import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Trial } from '../harness.ts'
import { type Fault, triedOnServers } from './scenario.ts'

/** What is asked in which region: OpenAlex in one, the model and every host of full texts, all on this machine, in the other. */
const regions = 'openalex=us,127.0.0.1=eu,openai/gpt-5.4-mini=eu'
/** Workers of a region give themselves away: to services and hosts by who runs them, to models by their key. */
const workerIn = (region: string) => ({
  SHEAF_REGION: region,
  SHEAF_EMAIL: `${region}@sheaf.test`,
  OPENAI_API_KEY: `key-${region}`,
})
/** Milliseconds in which each region has seen the other: two looks. */
const acquainted = 20_000

/** Counts what the laboratory, which is in this process, is asked, as `openalex from us`. */
function watchRequests() {
  const started = channel('http.server.request.start')
  let counts = new Map<string, number>()
  const note = (message: unknown) => {
    const { request } = message as { request: IncomingMessage }
    const { url = '', headers } = request
    const by = `${headers['user-agent']} ${headers.authorization}`
    const what = url.startsWith('/openalex') ? 'openalex' : url.startsWith('/openai') ? 'model' : 'hosts'
    const from = ['eu', 'us'].find((region) => by.includes(`${region}@`) || by.includes(`key-${region}`))
    const name = `${what} from ${from ?? 'nowhere'}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  started.subscribe(note)
  return {
    /** What was counted since the last time. */
    take() {
      const taken = counts
      counts = new Map()
      return taken
    },
    [Symbol.dispose]: () => void started.unsubscribe(note),
  }
}

/** Resolves when a model has judged so many papers: the reviews are in the middle of their work. */
async function untilJudged({ database }: Trial, papers: number): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ count: number }>(
      `select count(*)::int as count from sheaf.tasks where phase = 'extract' and finished_at is not null`,
    )
    if (rows[0]!.count >= papers) return
    await sleep(100)
  }
}

/** Tasks that the ledger has as begun more than once: going on in another region is no start of its own. */
async function startedTwice({ database }: Trial): Promise<string[]> {
  const { rows } = await database.query<{ key: string; started: number }>(
    'select key, started from sheaf.tasks where started > 1',
  )
  return rows.map(({ key, started }) => `${key} was begun ${started} times before anything was lost`)
}

const inWords = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([name, count]) => `${name} ${count}`).join(', ')

/**
 * Two regions of two workers each, which alone ask what is bound to them; then one of them is lost whole, and the other does its
 * work too.
 */
const regionLost =
  (queues: 'redis' | 'postgres'): Fault =>
  async () => {
    using requests = watchRequests()
    const wrong: string[] = []
    const place = { queues, workers: 0, environment: { SHEAF_REGIONS: regions } }
    const outcome = await triedOnServers(place, async (trial) => {
      const start = (region: string) => trial.sheaf.start(['worker'], workerIn(region))
      const lost = [await start('eu'), await start('eu')]
      for (let count = 0; count < 2; count += 1) await start('us')
      await sleep(acquainted)
      await trial.begin(8)
      await untilJudged(trial, 6)
      const before = requests.take()
      wrong.push(...(await startedTwice(trial)))
      await Promise.all(lost.map((worker) => trial.kill(worker)))
      await trial.begin(2)
      await trial.until(1)
      const after = requests.take()
      const bound = ['openalex from us', 'model from eu', 'hosts from eu']
      for (const name of bound) if (!before.has(name)) wrong.push(`There was no ${name}.`)
      for (const [name, count] of before)
        if (!bound.includes(name)) wrong.push(`${name}: ${count}, while both regions were at work`)
      if (!after.has('model from us'))
        wrong.push('The other region did not ask the model of the one that was lost.')
      return `${trial.sessions.length} reviews; before: ${inWords(before)}; after: ${inWords(after)}`
    })
    return { ...outcome, wrong: [...outcome.wrong, ...wrong] }
  }

export const regionFaults: Record<string, Fault> = {
  'region-lost': regionLost('redis'),
  'region-lost-postgres': regionLost('postgres'),
}
