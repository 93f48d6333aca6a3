import { describe, expect, test } from 'vitest'
import { randomOf } from '../../../lab/corpus/random.ts'
import { quantise } from '../../models/quantise.ts'
import { byNearness, isBeyond, nearestPassages } from '../vector-index.ts'
import { createShard } from './shard.ts'
import { createVectors } from './vectors.ts'

/** Three blocks with sketches, and some rows of a block that is not full. */
const rows = 3 * 4096 + 500
/** No multiple of 4 or 16, so that rows and codes are filled up. */
const length = 90

const { next } = randomOf(3)
const gauss = () => (next() + next() + next() + next() - 2) * Math.sqrt(3)
const noise = () => Array.from({ length }, gauss)
const centres = Array.from({ length: 40 }, noise)
const common = noise()

/** Vectors as bad as they can be for sketches, as papers' lie around subjects, and as models give them that use few directions. */
const kinds: Record<string, () => number[]> = {
  'at random': noise,
  'around centres': () => centres[Math.floor(next() * centres.length)]!.map((value) => value + gauss()),
  'near one direction, in few components': () =>
    noise().map((value, at) => (3 * value) / Math.sqrt(1 + at) + 2 * common[at]!),
}

function cosine(a: Int8Array, b: Int8Array): number {
  let [product, ofA, ofB] = [0, 0, 0]
  for (let at = 0; at < a.length; at++) {
    product += a[at]! * b[at]!
    ofA += a[at]! ** 2
    ofB += b[at]! ** 2
  }
  return product / Math.sqrt(ofA * ofB)
}

for (const [kind, vector] of Object.entries(kinds))
  describe(`sketches of vectors ${kind}`, () => {
    const stored = Array.from({ length: rows }, () => quantise(vector()))
    const questions = Array.from({ length: 10 }, () => quantise(vector()))

    test('leave out most rows, and none that reaches the floor', async () => {
      const vectors = await createVectors(length)
      for (const one of stored) vectors.append(one)
      let compared = 0
      for (const question of questions) {
        const norm = vectors.ask(question)
        const scores = stored.map((one) => cosine(one, question))
        const floor = scores.toSorted((a, b) => b - a)[nearestPassages - 1]!
        const seen = new Map<number, number>()
        vectors.visitAll(
          () => floor * norm * (1 - 1e-6),
          (row, score) => seen.set(row, score / norm),
          (row) => {
            compared++
            return row >= 0
          },
        )
        const expected = scores.flatMap((score, row) => (score >= floor ? [row] : []))
        expect(expected.filter((row) => !seen.has(row))).toEqual([])
        for (const [row, score] of seen) expect(score).toBeCloseTo(scores[row]!, 5)
      }
      expect(compared / questions.length).toBeLessThan(rows * 0.75)
    })

    test('give the answer that comparing everything gives', async () => {
      const shard = await createShard(length)
      const passages = stored.map((_, row) => ({
        document: String(Math.floor(row / 3)).padStart(6, '0'),
        page: 1 + (row % 3),
        start: row,
        end: row + 1,
      }))
      const components = Int8Array.from(stored.flatMap((one) => [...one]))
      shard.append({ passages, components, length })
      const names = [...new Set(passages.map(({ document }) => document))]
      const half = names.filter((_, number) => number % 2 === 0)
      for (const [number, question] of questions.entries()) {
        const documents = [undefined, half, half.slice(0, 100), names.slice(0, 1500)][number % 4]
        const wanted = documents && new Set(documents)
        const all = passages
          .map((passage, row) => ({ ...passage, score: cosine(stored[row]!, question) }))
          .filter(({ document, score }) => score > 0 && (wanted?.has(document) ?? true))
          .sort(byNearness)
        const best = [...new Map(all.toReversed().map((one) => [one.document, one])).values()].sort(
          byNearness,
        )
        let after: { document: string; score: number } | undefined
        for (let page = 0; page < 3; page++) {
          const answer = shard.nearest({ question, documents, after, limit: 20 })
          const close = ({ score, ...one }: (typeof all)[number]) => ({
            ...one,
            score: expect.closeTo(score, 5),
          })
          expect(answer.best).toEqual(best.slice(page * 20, page * 20 + 20).map(close))
          expect(answer.best.every((one) => isBeyond(one, after))).toBe(true)
          const rowsOf = (some: readonly { score: number; start?: number }[]) =>
            some.slice(0, nearestPassages).map(({ score }) => expect.closeTo(score, 5))
          expect(answer.nearest.map(({ score }) => score)).toEqual(rowsOf(all))
          after = answer.best.at(-1)
        }
      }
    })

    test('leave nothing out where there are fewer documents than are asked for', async () => {
      const shard = await createShard(length)
      const passages = stored.map((_, row) => ({
        document: String(row % 7),
        page: row,
        start: row,
        end: row + 1,
      }))
      const components = Int8Array.from(stored.flatMap((one) => [...one]))
      shard.append({ passages, components, length })
      const [question] = questions
      const answer = shard.nearest({ question: question!, documents: undefined, after: undefined, limit: 20 })
      const scores = stored.map((one) => cosine(one, question!))
      const best = Array.from({ length: 7 }, (_, document) =>
        Math.max(...scores.filter((_, row) => row % 7 === document)),
      )
      expect(answer.best.map(({ score }) => score)).toEqual(
        best.sort((a, b) => b - a).map((score) => expect.closeTo(score, 5)),
      )
    })
  })
