import { z } from 'zod'
import { SheafError } from '../../errors.ts'
import { tokenize } from '../../methods/text/tokens.ts'

const placeSchema = z.tuple([z.number(), z.string()])

/** A place in an answer as callers give it back: the score and the name of what was last shown. */
export function nameOfPlace(score: number, id: string): string {
  return Buffer.from(JSON.stringify([score, id])).toString('base64url')
}

/**
 * The place that {@link nameOfPlace} named.
 * @param pattern what names of what is found look like
 * @throws {SheafError} `invalid_input` for a place that no search has given
 */
export function placeNamed(name: string, pattern: RegExp): { score: number; id: string } {
  try {
    const [score, id] = placeSchema.parse(JSON.parse(Buffer.from(name, 'base64url').toString()))
    if (!pattern.test(id)) throw new RangeError(`This does not name what is found: ${pattern}`)
    return { score, id }
  } catch (cause) {
    throw new SheafError('invalid_input', '“after” is no place in an answer.', {
      advice: 'Give "next" of the page before, as it is.',
      cause,
    })
  }
}

/** Stems of the words that are asked for, without those that must be absent. */
export function stemsAsked(q: string): ReadonlySet<string> {
  return new Set(tokenize(q.replace(/(?<!\S)-\S+/g, ' ')))
}
