import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { startLab } from '../../lab/lab.ts'
import { startModelLab } from '../../lab/models/model-lab.ts'
import type { Figure } from './figure.ts'
import { question } from './papers.ts'
import { realisticModel, secondsOf } from './stage.ts'

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')

/** A session from question to report on arXiv and OpenAlex with a model, and the same again in the same data folder. */
export async function warm(): Promise<Figure[]> {
  const lab = await startLab({ seed: 1, papers: 20_000, latency: 'realistic' })
  const models = await startModelLab({ seed: 3, latency: realisticModel })
  const place = mkdtempSync(join(tmpdir(), 'sheaf-bench-'))
  const endpoints = { ...lab.endpoints, openai: models.baseUrls.openai }
  const env = {
    ...process.env,
    SHEAF_HOME: join(place, 'home'),
    SHEAF_ENDPOINTS: Object.entries(endpoints)
      .map(([name, address]) => `${name}=${address}`)
      .join(','),
    SHEAF_ALLOWED_HOSTS: lab.allowedHosts.join(','),
    SHEAF_MODELS: 'openai/gpt-5.4-mini',
    OPENAI_API_KEY: 'none',
  }
  const requests = () => Object.values(lab.requests()).reduce((sum, { count }) => sum + count, 0)
  const calls = () => Object.values(models.calls().byTask).reduce((sum, count) => sum + count, 0)

  async function review(output: string): Promise<void> {
    const words = ['research', question, '--analyst', 'model', '--source', 'arxiv,openalex']
    const child = spawn(process.execPath, [main, ...words, '--quiet', '--out', join(place, output)], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`The review ended with ${code}.`)
  }

  try {
    const cold = await secondsOf(() => review('cold'))
    const first = { requests: requests(), calls: calls() }
    const again = await secondsOf(() => review('again'))
    return [
      { name: 'first time', value: cold, unit: 's' },
      { name: 'first time: requests to services and hosts', value: first.requests, unit: 'requests' },
      { name: 'first time: calls of the model', value: first.calls, unit: 'calls' },
      { name: 'again', value: again, unit: 's' },
      { name: 'times as fast', value: cold / again, unit: '', atLeast: 20 },
      {
        name: 'again: requests to services and hosts',
        value: requests() - first.requests,
        unit: 'requests',
        atMost: 0,
      },
      { name: 'again: calls of the model', value: calls() - first.calls, unit: 'calls', atMost: 0 },
      { name: 'violations of services', value: lab.violations().length, unit: '', atMost: 0 },
      { name: 'violations of models', value: models.violations().length, unit: '', atMost: 0 },
    ]
  } finally {
    await lab.close()
    await models.close()
    rmSync(place, { recursive: true, force: true })
  }
}
