import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { z } from 'zod'
import { type ConfigFile, configFilePath, dataFolder, loadConfig, readConfigFile } from '../../config.ts'
import { messageOf, SheafError } from '../../errors.ts'
import { type SettingName, settings } from '../../settings.ts'
import { printable } from '../progress/words.ts'
import { colors, remark, say } from '../terminal.ts'

/** `sheaf config list`: every setting, its value, where it comes from. Passwords in addresses are not shown. */
export function list({ json }: { json?: boolean }): void {
  const config = loadConfig(process.env, process.cwd())
  const rows = (Object.keys(settings) as SettingName[]).map((name) => ({
    name,
    value: shown(name, config[name]),
    from: config.origins[name],
    variable: settings[name].variable,
    meaning: settings[name].meaning,
  }))
  if (json) {
    say(JSON.stringify(rows, null, 2))
    return
  }
  for (const { name, value, from, variable, meaning } of rows) {
    say(`${name} = ${value === undefined ? colors.dim('not set') : printable(String(value))}`)
    say(colors.dim(`    ${meaning}. ${variable}; from: ${from}`))
  }
  say(colors.dim(`\nChange one: sheaf config set NAME VALUE (kept in ${configFilePath(config.home)})`))
}

/** `sheaf config set`: keeps a setting. */
export function set(name: string, value: string): void {
  const known = changeable(name)
  const parsed = settings[known].schema.safeParse(value)
  if (!parsed.success)
    throw new SheafError('invalid_input', `${name}: ${z.prettifyError(parsed.error)}`, {
      advice: `${settings[known].meaning}.`,
    })
  write((file) => ({ ...file, [known]: parsed.data }))
  remark(`${name} is set.`)
}

/** `sheaf config unset`: goes back to the default. */
export function unset(name: string): void {
  const known = changeable(name)
  write(({ [known]: _, ...others }) => others)
  remark(`${name} is back to its default.`)
}

function changeable(name: string): keyof ConfigFile {
  if (name === 'home')
    throw new SheafError('invalid_input', 'The data folder cannot be set in a file inside it.', {
      advice: `Set ${settings.home.variable} in the environment.`,
    })
  if (Object.hasOwn(settings, name)) return name as keyof ConfigFile
  throw new SheafError('invalid_input', `There is no setting ${name}.`, {
    advice: '"sheaf config" lists them all.',
  })
}

function write(change: (file: ConfigFile) => ConfigFile): void {
  const home = dataFolder(process.env)
  const path = configFilePath(home)
  try {
    mkdirSync(home, { recursive: true })
    writeFileSync(`${path}.new`, `${JSON.stringify(change(readConfigFile(home)), null, 2)}\n`, {
      mode: 0o600,
    })
    renameSync(`${path}.new`, path)
  } catch (cause) {
    if (SheafError.isInstance(cause)) throw cause
    throw new SheafError('store_unavailable', `${path} cannot be written: ${messageOf(cause)}`, {
      advice: 'Check that the data folder can be written and has room.',
      cause,
    })
  }
}

function shown(name: SettingName, value: unknown): string | number | undefined {
  if (value === undefined) return undefined
  if ('secret' in settings[name]) return '***'
  return typeof value === 'object' ? JSON.stringify(value) : withoutPassword(value as string | number)
}

function withoutPassword(value: string | number): string | number {
  if (typeof value !== 'string' || !URL.canParse(value)) return value
  const url = new URL(value)
  if (url.password) url.password = '***'
  return url.password ? url.href : value
}
