import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quantise } from './quantise.ts'

test('cosines hardly change', () => {
  const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 256, maxLength: 256 })
  const cosine = (a: readonly number[], b: readonly number[]) => {
    const product = (x: readonly number[], y: readonly number[]) =>
      x.reduce((sum, value, at) => sum + value * y[at]!, 0)
    return product(a, b) / (Math.sqrt(product(a, a) * product(b, b)) || 1)
  }
  fc.assert(
    fc.property(vector, vector, (a, b) => {
      expect(Math.abs(cosine(a, b) - cosine([...quantise(a)], [...quantise(b)]))).toBeLessThan(0.03)
    }),
  )
  expect(quantise([0, 0])).toEqual(Int8Array.of(0, 0))
})
