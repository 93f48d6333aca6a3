import { expect, test } from 'vitest'
import { otherSpelling } from './spellings.ts'

test.each([
  ['summarisation', 'summarization'],
  ['text summarization', 'text summarisation'],
  ['Organised crime', 'Organized crime'],
  ['behavioural change', 'behavioral change'],
  ['tumors', 'tumours'],
  ['topic modelling', 'topic modeling'],
  ['leukaemia', 'leukemia'],
  ['paediatric anaesthesia', 'pediatric anaesthesia'],
  ['hemorrhage', 'haemorrhage'],
  ['orthopedic surgery', 'orthopaedic surgery'],
  ['oedema', 'edema'],
  ['estrogen receptor', 'oestrogen receptor'],
  ['analyzing', 'analysing'],
  ['optic fiber', 'optic fibre'],
])('%s is also written %s', (term, other) => {
  expect(otherSpelling(term)).toBe(other)
})

test.each([
  'exercise',
  'precise',
  'noise',
  'disease',
  'otherwise',
  'expertise',
  'promised',
  'revised',
  'raised',
  'prizes',
  'sizes',
  'supervised learning',
  'seize',
  'rises',
  'wise',
  'parameter',
  'decor',
  'doctor',
  'model',
  'media',
  'pedal',
  'femoral',
  'hemisphere',
  'pedicle',
  'elevated',
  'metric',
  'hidden',
  'immediate',
  'enemies',
  'academic',
  'remote',
  'anecdote',
])('%s has one spelling', (term) => {
  expect(otherSpelling(term)).toBeUndefined()
})
