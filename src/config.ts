import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { SheafError } from './errors.ts'
import { type SettingName, type SettingValues, settings } from './settings.ts'

/** Configuration as it is in force, paths absolute, with where each value came from. */
export interface Config extends SettingValues {
  home: string
  reviews: string
  origins: Record<SettingName, 'environment' | 'config.json' | 'default'>
}

const { home: _, ...keptInFile } = settings
type FileSettingName = keyof typeof keptInFile

const configFileSchema = z.strictObject(
  Object.fromEntries(Object.entries(keptInFile).map(([name, { schema }]) => [name, schema.optional()])),
) as unknown as z.ZodType<Omit<SettingValues, 'home'>>
export type ConfigFile = Omit<SettingValues, 'home'>

/** Where `config.json` stands for a data folder. */
export function configFilePath(home: string): string {
  return join(home, 'config.json')
}

/** Where the embedded database stands in a data folder. */
export function databaseFolder(home: string): string {
  return join(home, 'database')
}

/** Reads `config.json`; an absent one is empty. @throws {SheafError} `invalid_input` naming the file and what is wrong. */
export function readConfigFile(home: string): ConfigFile {
  const path = configFilePath(home)
  if (!existsSync(path)) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new SheafError('invalid_input', `${path} is not JSON.`, {
      advice: 'Correct it, or delete it to go back to the defaults.',
      cause,
    })
  }
  const parsed = configFileSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new SheafError('invalid_input', `${path}: ${z.prettifyError(parsed.error)}`, {
    advice: 'Correct it, or delete it to go back to the defaults.',
  })
}

/** The data folder that the environment asks for (XDG Base Directory: `$XDG_DATA_HOME/sheaf`, by default under ~). */
export function dataFolder(env: NodeJS.ProcessEnv): string {
  const given = env[settings.home.variable]
  if (given) return resolve(given)
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'sheaf')
}

/**
 * Puts the configuration together.
 * @throws {SheafError} `invalid_input` naming the variable or the file, and what it must be.
 */
export function loadConfig(env: NodeJS.ProcessEnv, workingFolder: string): Config {
  const home = dataFolder(env)
  const file = readConfigFile(home)
  const origins = {} as Config['origins']
  origins.home = env[settings.home.variable] ? 'environment' : 'default'

  const values: Record<string, unknown> = {}
  for (const name of Object.keys(keptInFile) as FileSettingName[]) {
    const { variable, schema, meaning } = settings[name]
    const given = env[variable]
    const fromEnvironment = given !== undefined && given !== ''
    origins[name] = fromEnvironment ? 'environment' : file[name] === undefined ? 'default' : 'config.json'
    const parsed = fromEnvironment ? schema.safeParse(given) : { success: true as const, data: file[name] }
    if (!parsed.success)
      throw new SheafError('invalid_input', `${variable}: ${z.prettifyError(parsed.error)}`, {
        advice: `${meaning}. Correct or unset ${variable}.`,
      })
    if (parsed.data !== undefined) values[name] = parsed.data
  }
  const known: ConfigFile = values
  if (known.redisUrl !== undefined && known.databaseUrl === undefined)
    throw new SheafError('invalid_input', 'REDIS_URL is set without DATABASE_URL.', {
      advice:
        'A queue that several machines share needs a database that they share: set DATABASE_URL, or unset REDIS_URL.',
    })
  if ((known.region ?? known.regions) !== undefined && known.databaseUrl === undefined)
    throw new SheafError('invalid_input', 'Regions are set without DATABASE_URL.', {
      advice: 'Regions share one database: set DATABASE_URL, or unset SHEAF_REGION and SHEAF_REGIONS.',
    })
  if (known.oidcIssuer !== undefined && (known.oidcClientId === undefined || known.publicUrl === undefined))
    throw new SheafError('invalid_input', 'OpenID Connect is set up by half.', {
      advice: 'SHEAF_OIDC_ISSUER needs SHEAF_OIDC_CLIENT_ID and SHEAF_PUBLIC_URL; set them, or unset it.',
    })
  return { ...known, home, reviews: resolve(workingFolder, known.reviews ?? 'sheaf-reviews'), origins }
}
