import { expect, it } from 'vitest'
import { bodyAuthor, isBody, isStatedBody } from './bodies.ts'

it.each([
  ['The Sheaf authors', 'Sheaf authors'],
  ['R Core Team', 'R Core Team'],
  ['R Development Core Team', 'R Development Core Team'],
  ['The GAP Developers', 'GAP Developers'],
  ['Scikit-learn Developers', 'Scikit-learn Developers'],
  ['LIGO Scientific Collaboration', 'LIGO Scientific Collaboration'],
])('takes %s for a body', (text, family) => {
  expect(isBody(text)).toBe(true)
  expect(bodyAuthor(text)).toEqual({ family })
})

it.each([
  'The authors',
  'Corresponding authors',
  'The Corresponding Authors',
  'All Contributors',
  'Ada Lovelace',
  'The Anh Han',
  'Machine Learning Group',
  'These authors contributed equally',
])('does not take %s for one', (text) => {
  expect(isBody(text)).toBe(false)
  expect(isStatedBody(text)).toBe(false)
})

it('takes a group for one where the file states it as author', () => {
  expect(isBody('The GAP Group')).toBe(false)
  expect(isStatedBody('The GAP Group')).toBe(true)
})
