import { expect, it } from 'vitest'
import { fontStyleOf } from './fonts.ts'

it.each([
  ['ABCDEF+NimbusRomNo9L-Medi', true, false],
  ['NimbusRomNo9L-MediItal', true, true],
  ['NimbusRomNo9L-ReguItal', false, true],
  ['CMBX12', true, false],
  ['CMR10', false, false],
  ['CMTI10', false, true],
  ['CMBXTI10', true, true],
  ['SFBX1000', true, false],
  ['LMRomanDemi10-Regular', true, false],
  ['LMMono10-Regular', false, false],
  ['TimesNewRomanPS-BoldItalicMT', true, true],
  ['Arial,Bold', true, false],
  ['MinionPro-It', false, true],
  ['SourceSerifPro-LightIt', false, true],
  ['HelveticaNeue-Medium', false, false],
  ['AdvOT863180fb.B', true, false],
  ['AdvOT863180fb.I', false, true],
  ['CMSL10', false, true],
  ['Summit', false, false],
  ['', false, false],
])('tells the style of %s', (name, bold, italic) => {
  expect(fontStyleOf(name, 4)).toEqual({ name: name.replace('ABCDEF+', ''), bold, italic })
})

it('believes the flags for italic and forced bold', () => {
  expect(fontStyleOf('F1', 1 << 6)).toMatchObject({ italic: true, bold: false })
  expect(fontStyleOf('F1', 1 << 18)).toMatchObject({ italic: false, bold: true })
})
