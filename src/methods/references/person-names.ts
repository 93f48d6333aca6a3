import type { Author } from '../../contract/paper.ts'
import { repairText } from '../text/text-repair.ts'

/** Particles that belong to the family name and are written small (`van der`), as CSL's non-dropping particles. */
const particles = new Set(
  'van von der den de del della di da dos du la le el al ter ten ben bin ibn zu zur af av op het y e st. san'.split(
    ' ',
  ),
)
/** Those that hardly are names of their own, so that they are known in capitals too. */
const shoutedParticles = new Set('VAN VON DER DEN DE DEL DELLA DI DA DOS DU LA'.split(' '))
const suffixes = /^(?:jr|sr|ii|iii|iv)\.?$/i
const cjk = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}·・]+$/u

/**
 * A person's name as it stands on a title page or in a companion file: `Edward W. J. Wallace`, `Wallace, Edward`,
 * `Sven van der Burg`, `ALAN GENZ`, `张伟`. Names all in capitals are written normally. A name of one word is a family
 * name.
 */
export function parseName(name: string): Author {
  const text = repairText(name)
  const comma = text.split(/\s*,\s*/)
  if (comma.length > 1 && comma[0] !== '') {
    const [family = '', ...rest] = comma
    const given = rest.filter((part) => part !== '' && !suffixes.test(part)).join(' ')
    return author(family, given)
  }
  if (cjk.test(text) && text.length <= 4) return author(text.slice(0, 1), text.slice(1))
  const shouted = text === text.toUpperCase()
  const words = text
    .split(' ')
    .map((word, index) => (shouted && index > 0 && shoutedParticles.has(word) ? word.toLowerCase() : word))
  while (words.length > 2 && suffixes.test(words.at(-1)!)) words.pop()
  let first = words.length - 1
  while (first > 1 && particles.has(words[first - 1]!)) first--
  return author(words.slice(first).join(' '), words.slice(0, first).join(' '))
}

function author(family: string, given: string): Author {
  const whole = `${given} ${family}`
  const shouted = !/(?:^|[ '’-])\p{Lu}[\p{Lu}'’-]*\p{Ll}/u.test(whole)
  const name = { family: unshout(family, shouted), given: unshout(given, shouted) }
  return name.given === '' ? { family: name.family } : name
}

/**
 * `TORSTEN` as `Torsten`; initials (`J.B.`, `JB`) and names that have small letters stay. A word of two letters is a name
 * only where all words are capitals.
 */
function unshout(name: string, all: boolean): string {
  const shouted = all ? /^[\p{Lu}'’-]{2,}$/u : /^[\p{Lu}'’-]{4,}$/u
  return name
    .split(' ')
    .map((word) =>
      shouted.test(word) && /[AEIOUYÀ-Þ]/u.test(word)
        ? word.toLowerCase().replace(/(?<=^|['’-])\p{L}/gu, (letter) => letter.toUpperCase())
        : word,
    )
    .join(' ')
}

/** The name in reading order, as `Sven A. van der Burg`. */
export function fullName({ family, given }: Author): string {
  return given === undefined ? family : `${given} ${family}`
}

/**
 * Whether a piece of text can be a person's name: one to six words, each a capitalised word, an initial or a particle,
 * no digit and no sign that names do not have.
 */
export function looksLikeName(text: string): boolean {
  if (cjk.test(text)) return text.length >= 2 && text.length <= 6
  const words = text.split(' ')
  if (words.length < 2 || words.length > 7 || text.length > 60) return false
  const capitalised = words.filter((word) => !particles.has(word))
  return (
    capitalised.length >= 2 &&
    capitalised.every((word) => /^\p{Lu}[\p{L}\p{M}'’‘.-]*$/u.test(word) || suffixes.test(word)) &&
    capitalised.some((word) => /\p{L}{2}/u.test(word))
  )
}
