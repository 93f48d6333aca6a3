import { describe, expect, it } from 'vitest'
import { plainUpstream } from '../../test/support/loopback.ts'
import { liveSources } from './catalogue.ts'

describe('liveSources', () => {
  it('makes each source and finder under its name', () => {
    for (const { name, make, makeFinder, chases } of liveSources) {
      const options = { upstream: plainUpstream(), email: 'a@example.org' }
      const source = make(options)
      expect(source.name).toBe(name)
      expect(source.chase !== undefined, name).toBe(chases)
      expect(makeFinder?.(options).name ?? name).toBe(name)
    }
    expect(new Set(liveSources.map(({ name }) => name)).size).toBe(liveSources.length)
  })
})
