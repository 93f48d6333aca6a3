import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { SheafError } from './errors.ts'

/**
 * Every setting of a deployment. A variable of the environment wins over `config.json` in the data folder, which wins
 * over the default. This file is the only reader of the environment.
 */
export const settings = {
  home: {
    variable: 'SHEAF_HOME',
    meaning: 'Data folder: database, queue, configuration',
    schema: z.string().min(1),
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    meaning: 'Postgres 15 or newer; without it the database is embedded in the data folder',
    schema: z.url({ protocol: /^postgres(ql)?$/ }),
  },
  redisUrl: {
    variable: 'REDIS_URL',
    meaning: 'Redis or Valkey for queue and events; needs DATABASE_URL',
    schema: z.url({ protocol: /^rediss?$/ }),
  },
  readerThreads: {
    variable: 'SHEAF_READER_THREADS',
    meaning: 'Threads that read PDFs; default: one for each core, at most 8',
    schema: z.coerce.number().int().min(1).max(64),
  },
  reviews: {
    variable: 'SHEAF_REVIEWS',
    meaning: 'Folder that reports are written to; default: sheaf-reviews in the current folder',
    schema: z.string().min(1),
  },
} as const

export type SettingName = keyof typeof settings

/** Configuration as it is in force, paths absolute, with where each value came from. */
export interface Config {
  home: string
  databaseUrl?: string
  redisUrl?: string
  readerThreads?: number
  reviews: string
  origins: Record<SettingName, 'environment' | 'config.json' | 'default'>
}

const configFileSchema = z.strictObject({
  databaseUrl: settings.databaseUrl.schema.optional(),
  redisUrl: settings.redisUrl.schema.optional(),
  readerThreads: settings.readerThreads.schema.optional(),
  reviews: settings.reviews.schema.optional(),
})
export type ConfigFile = z.infer<typeof configFileSchema>

/** Where `config.json` stands for a data folder. */
export function configFilePath(home: string): string {
  return join(home, 'config.json')
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

  function setting<Name extends keyof ConfigFile>(name: Name): ConfigFile[Name] | undefined {
    const { variable, schema } = settings[name]
    const given = env[variable]
    if (given === undefined || given === '') {
      origins[name] = file[name] === undefined ? 'default' : 'config.json'
      return file[name]
    }
    origins[name] = 'environment'
    const parsed = schema.safeParse(given)
    if (parsed.success) return parsed.data as ConfigFile[Name]
    throw new SheafError('invalid_input', `${variable}: ${z.prettifyError(parsed.error)}`, {
      advice: `${settings[name].meaning}. Correct or unset ${variable}.`,
    })
  }

  const databaseUrl = setting('databaseUrl')
  const redisUrl = setting('redisUrl')
  const readerThreads = setting('readerThreads')
  if (redisUrl !== undefined && databaseUrl === undefined)
    throw new SheafError('invalid_input', 'REDIS_URL is set without DATABASE_URL.', {
      advice:
        'A queue that several machines share needs a database that they share: set DATABASE_URL, or unset REDIS_URL.',
    })
  return {
    home,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(redisUrl === undefined ? {} : { redisUrl }),
    ...(readerThreads === undefined ? {} : { readerThreads }),
    reviews: resolve(workingFolder, setting('reviews') ?? 'sheaf-reviews'),
    origins,
  }
}
