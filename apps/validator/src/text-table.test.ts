import { expect, it } from 'vitest'

import { showCell, textTable } from './text-table.ts'

it('shows control characters instead of obeying them', () => {
  expect(showCell('a\u001b[31m\nb\u202ec')).toBe('a\\u{1b}[31m\\u{a}b\\u{202e}c')
})

it('cuts long cells and says how long they are', () => {
  expect(showCell('x'.repeat(61))).toBe(`${'x'.repeat(60)}… (61 characters)`)
})

it('prints no colours, so that a pipe gets plain text', () => {
  expect(textTable(['key'], [['a']])).not.toContain('\u001b')
})
