import type { Random } from './random.ts'

/** A person as a paper names them. */
export interface Person {
  readonly given: string
  readonly family: string
}

const given = [
  'Ana',
  'Aisha',
  'Björn',
  'Carlos',
  'Chen',
  'Claire',
  'Daniel',
  'Elif',
  'Emma',
  'Fatima',
  'Giulia',
  'Grace',
  'Hana',
  'Henrik',
  'Ines',
  'Ivan',
  'Jun',
  'Kavya',
  'Lars',
  'Léa',
  'Maria',
  'Mateo',
  'Mei',
  'Mohammed',
  'Nadia',
  'Noah',
  'Olga',
  'Omar',
  'Paula',
  'Rafael',
  'Sarah',
  'Sofia',
  'Tomás',
  'Wei',
  'Yuki',
  'Zofia',
]
const initials = ['', '', '', 'A.', 'B.', 'J.', 'K.', 'L.', 'M.', 'R.', 'S.', 'T.']
const beginnings = [
  'Ander',
  'Bak',
  'Bar',
  'Berg',
  'Cas',
  'Dahl',
  'Del',
  'Ek',
  'Fisch',
  'Gar',
  'Gross',
  'Hoff',
  'Ito',
  'Jans',
  'Kal',
  'Karl',
  'Lind',
  'Mar',
  'Mor',
  'Nak',
  'Nov',
  'Oka',
  'Pet',
  'Ram',
  'Ros',
  'Sal',
  'Sand',
  'Stein',
  'Tan',
  'Van',
  'Wat',
  'Zim',
]
const endings = [
  'agawa',
  'berg',
  'dahl',
  'el',
  'er',
  'ez',
  'ini',
  'man',
  'mura',
  'ov',
  'quist',
  'sen',
  'sky',
  'son',
  'stein',
  'strand',
  'tti',
  'wala',
  'well',
  'wood',
]

/** One to seven people; no one twice. */
export function authorsOf(random: Random): Person[] {
  const count = random.pick([1, 2, 2, 3, 3, 3, 4, 4, 5, 7])
  const people = new Map<string, Person>()
  while (people.size < count) {
    const family = random.pick(beginnings) + random.pick(endings)
    const initial = random.pick(initials)
    const first = random.pick(given)
    people.set(family, { family, given: initial === '' ? first : `${first} ${initial}` })
  }
  return [...people.values()]
}
