import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'

/** A whole number from 1 on. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.')
  return Number(text)
}

/** A whole number from 0 on. */
export function wholeNumber(text: string): number {
  return text === '0' ? 0 : positiveInteger(text)
}

/** Adds names, divided by commas, to those given before. */
export function names(text: string, before: readonly string[] | undefined): string[] {
  const given = text.split(',').map((name) => name.trim())
  if (given.includes('')) throw new InvalidArgumentError('It must be a name, or several with commas.')
  return [...(before ?? []), ...given]
}

/** A year of four digits. */
export function year(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new InvalidArgumentError('It must be a year of four digits, as 2015.')
  return Number(text)
}

/** Adds an existing folder, made absolute, to those given before. */
export function folders(text: string, before: readonly string[] | undefined): string[] {
  const path = resolve(text)
  if (!existsSync(path)) throw new InvalidArgumentError(`There is no folder ${path}.`)
  if (!statSync(path).isDirectory()) throw new InvalidArgumentError(`${path} is not a folder.`)
  return [...(before ?? []), path]
}
