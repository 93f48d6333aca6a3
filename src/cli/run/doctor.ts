import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { openBlobs } from '../../compose/blobs.ts'
import { reachSources } from '../../compose/reach.ts'
import { openApp } from '../../compose.ts'
import { type Config, loadConfig } from '../../config.ts'
import { createReader } from '../../documents/reader.ts'
import { messageOf, SheafError } from '../../errors.ts'
import { settings } from '../../settings.ts'
import { version } from '../../version.ts'
import { exitCodes } from '../exit-codes.ts'
import { printable } from '../progress/words.ts'
import { findServer, type HoldingServer, hangUp } from '../reviews/server.ts'
import { colors, say } from '../terminal.ts'

/** What one check found. `missing` is something one can do without; `broken` is not. */
interface Finding {
  what: string
  state: 'ok' | 'missing' | 'broken'
  text: string
  advice?: string
}

/** `sheaf doctor`: checks everything a review needs and says what to do about what is wrong. */
export async function doctor({ json }: { json?: boolean }): Promise<void> {
  const findings = await examine()
  const broken = findings.some(({ state }) => state === 'broken')
  if (broken) process.exitCode = exitCodes.store_unavailable
  if (json) {
    say(JSON.stringify(findings, null, 2))
    return
  }
  const marks = { ok: colors.green('✓'), missing: colors.dim('–'), broken: colors.red('✗') }
  for (const { what, state, text, advice } of findings) {
    say(`${marks[state]} ${what}: ${printable(text)}`)
    if (advice) say(`    ${printable(advice)}`)
  }
  say(broken ? '\nSomething must be mended before a review can run.' : '\nReviews can run.')
}

async function examine(): Promise<Finding[]> {
  let config: Config
  try {
    config = loadConfig(process.env, process.cwd())
  } catch (thrown) {
    return [broken('Settings', thrown)]
  }
  return [
    { what: 'Sheaf', state: 'ok', text: `version ${version} on Node.js ${process.version}` },
    dataFolderFinding(config),
    await storeFinding(config),
    queueFinding(config),
    ...(await bucketFindings(config)),
    await readerFinding(),
    reportsFinding(config),
    ...modelFindings(config),
    ...(await sourceFindings(config)),
  ]
}

function modelFindings(config: Config): Finding[] {
  const { models = [], endpoints } = config
  const what = 'Language model'
  if (models.length === 0)
    return [
      {
        what,
        state: 'missing',
        text: 'none; reviews are made from the papers’ own sentences, without one',
      },
    ]
  const names = models.map(({ provider, model }) => `${provider}/${model}`)
  const keyless = models.flatMap(({ provider, baseUrl }) => {
    const key = modelKeys[provider]
    const needs = baseUrl === undefined && endpoints?.[provider] === undefined
    return needs && key !== undefined && config[key] === undefined ? [settings[key].variable] : []
  })
  return [
    { what, state: 'ok', text: names.join(', then ') },
    ...[...new Set(keyless)].map(
      (variable): Finding => ({
        what: `${what}’s key`,
        state: 'missing',
        text: `${variable} is not set; its provider will refuse`,
        advice: `Set ${variable}, or take the model out of SHEAF_MODELS.`,
      }),
    ),
  ]
}

/** Keys without which a provider's own servers refuse. */
const modelKeys: Readonly<Record<string, 'openAiKey' | 'googleKey' | 'anthropicKey' | undefined>> = {
  openai: 'openAiKey',
  google: 'googleKey',
  anthropic: 'anthropicKey',
}

async function sourceFindings(config: Config): Promise<Finding[]> {
  const states = await reachSources(config)
  if (states.every(({ failure }) => failure !== undefined))
    return [
      {
        what: 'Online sources',
        state: 'missing',
        text: `none can be reached (${states[0]!.failure}); reviews draw on your own folders of papers`,
        advice: 'Check the network. Keep a folder for all reviews with "sheaf library add FOLDER".',
      },
    ]
  return states.map(({ title, usual, failure, advice }) => ({
    what: title,
    state: failure === undefined ? 'ok' : 'missing',
    text:
      failure === undefined
        ? usual
          ? 'can be searched'
          : 'can be searched, when named'
        : `cannot be reached: ${failure}`,
    ...(advice === undefined ? {} : { advice }),
  }))
}

function dataFolderFinding({ home, origins }: Config): Finding {
  try {
    mkdirSync(home, { recursive: true })
    accessSync(home, constants.W_OK)
    const { bavail, bsize } = statfsSync(home)
    const free = (bavail * bsize) / 2 ** 30
    const text = `${home} (${origins.home === 'default' ? 'the default' : 'from SHEAF_HOME'}), ${free.toFixed(1)} GB free`
    if (free >= 0.5) return { what: 'Data folder', state: 'ok', text }
    return { what: 'Data folder', state: 'broken', text, advice: 'Make room: reviews need half a gigabyte.' }
  } catch (thrown) {
    return {
      what: 'Data folder',
      state: 'broken',
      text: messageOf(thrown),
      advice: 'Set SHEAF_HOME to a folder that you can write.',
    }
  }
}

/** Nothing without a bucket. Whether it can be written is seen when something is kept. */
async function bucketFindings(config: Config): Promise<Finding[]> {
  if (config.blobs === undefined) return []
  const { blobs, close } = openBlobs(config)
  const place = blobs.placeOf('reports')
  try {
    await blobs.names(place)
    return [{ what: 'Bucket', state: 'ok', text: `${place} can be listed` }]
  } catch (thrown) {
    return [broken('Bucket', thrown)]
  } finally {
    await close()
  }
}

async function storeFinding(config: Config): Promise<Finding> {
  const what = 'Database'
  try {
    const server = await findServer(config)
    if (server) return serverFinding(what, server)
    const app = await openApp(config)
    await app.close()
    const text = config.databaseUrl ? 'the Postgres server answers' : 'embedded in the data folder, in order'
    return { what, state: 'ok', text }
  } catch (thrown) {
    if (SheafError.isInstance(thrown) && thrown.code === 'locked')
      return { what, state: 'ok', text: `in use by another Sheaf. ${thrown.message}` }
    return broken(what, thrown)
  } finally {
    await hangUp()
  }
}

function serverFinding(what: string, { address, pid }: HoldingServer): Finding {
  const text = `in use by the Sheaf server at ${address.url} (process ${pid}), which answers; commands go through it`
  return { what, state: 'ok', text }
}

function queueFinding({ redisUrl, databaseUrl }: Config): Finding {
  const place = redisUrl ? 'on Redis' : databaseUrl ? 'in the same Postgres' : 'in the embedded database'
  return { what: 'Queue', state: 'ok', text: place }
}

async function readerFinding(): Promise<Finding> {
  await using reader = createReader({ threads: 1 })
  const outcome = await reader.read(new TextEncoder().encode(smallestPdf))
  if (outcome.ok || outcome.failure.code === 'needs_ocr' || outcome.failure.code === 'no_readable_text')
    return { what: 'PDF reader', state: 'ok', text: 'reads and draws pages' }
  return { what: 'PDF reader', state: 'broken', text: outcome.failure.message }
}

/** One empty page (ISO 32000-1, 7.5): enough to see that the engine starts. */
const smallestPdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`

function reportsFinding({ reviews }: Config): Finding {
  const parent = existsSync(reviews) ? reviews : dirname(reviews)
  try {
    accessSync(parent, constants.W_OK)
    return { what: 'Reports', state: 'ok', text: `go to ${reviews}` }
  } catch {
    return {
      what: 'Reports',
      state: 'missing',
      text: `${parent} cannot be written`,
      advice: 'Name another place with --out, or for good with "sheaf config set reviews FOLDER".',
    }
  }
}

function broken(what: string, thrown: unknown): Finding {
  const advice = SheafError.isInstance(thrown) ? thrown.advice : undefined
  return { what, state: 'broken', text: messageOf(thrown), ...(advice ? { advice } : {}) }
}
