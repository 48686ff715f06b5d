import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { bigintPart, numberPart, textPart } from './key-parts.ts'
import { keyTemplate } from './key-template.ts'

const sampleKey = keyTemplate<{ hotkey: string; revision: string; taskId: number }>({
  hotkey: textPart('MINER'),
  revision: textPart('REV'),
  taskId: numberPart('TASK', 12),
})

describe('keyTemplate', () => {
  it('writes labelled parts, numbers padded', () => {
    expect(sampleKey.build({ hotkey: '5F', revision: 'abc', taskId: 42 })).toBe(
      'MINER#5F#REV#abc#TASK#000000000042',
    )
  })

  it('reads back what it wrote, whatever the text', () => {
    const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(texts, texts, fc.nat(), (hotkey, revision, taskId) => {
        const values = { hotkey, revision, taskId }
        expect(sampleKey.parse(sampleKey.build(values))).toStrictEqual(values)
      }),
    )
  })

  it('gives different keys to different values, also hostile ones', () => {
    const values = fc.record({
      hotkey: fc.stringMatching(/^[#%25A]{1,6}$/),
      revision: fc.stringMatching(/^[#%23A]{1,6}$/),
      taskId: fc.constant(1),
    })
    fc.assert(
      fc.property(values, values, (left, right) => {
        const isSame = left.hotkey === right.hotkey && left.revision === right.revision
        expect(sampleKey.build(left) === sampleKey.build(right)).toBe(isSame)
      }),
    )
  })

  it('keeps a separator inside a value from reaching into the next part', () => {
    expect(sampleKey.build({ hotkey: 'a#REV#x', revision: '%23', taskId: 0 })).toBe(
      'MINER#a%23REV%23x#REV#%2523#TASK#000000000000',
    )
  })

  it('sorts keys as numbers sort', () => {
    const key = keyTemplate<{ block: bigint }>({ block: bigintPart('BLOCK', 20) })
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (a, b) => {
          expect(key.build({ block: a }) < key.build({ block: b })).toBe(a < b)
        },
      ),
    )
  })

  it('closes a prefix, so that a longer value is not taken in', () => {
    const prefix = sampleKey.prefix({ hotkey: '5F', revision: 'ded' })
    expect(prefix).toBe('MINER#5F#REV#ded#')
    expect(sampleKey.build({ hotkey: '5F', revision: 'ded-v2', taskId: 1 }).startsWith(prefix)).toBe(false)
    expect(sampleKey.build({ hotkey: '5F', revision: 'ded', taskId: 1 }).startsWith(prefix)).toBe(true)
  })

  it('refuses a prefix that skips a part', () => {
    expect(() => sampleKey.prefix({ revision: 'abc' })).toThrow(/leading parts of hotkey, revision, taskId/)
  })

  it.each([
    [{ hotkey: '', revision: 'r', taskId: 1 }, /MINER: "" is empty/],
    [{ hotkey: '\ud800', revision: 'r', taskId: 1 }, /surrogate/],
    [{ hotkey: 'a', revision: 'r', taskId: 1.5 }, /TASK: 1.5 is not a whole number/],
    [{ hotkey: 'a', revision: 'r', taskId: -1 }, /not within 12 digits/],
    [{ hotkey: 'a', revision: 'r', taskId: 1e12 }, /not within 12 digits/],
    [{ hotkey: 'x'.repeat(1024), revision: 'r', taskId: 1 }, /exceeds 1024 bytes/],
  ])('refuses %j', (values, message) => {
    expect(() => sampleKey.build(values)).toThrow(message)
  })

  it.each([
    '',
    'MINER#a',
    'MINER#a#REV#b#TASK#42',
    'MINER##REV#b#TASK#000000000042',
    'MINER#a%#REV#b#TASK#000000000042',
    'OTHER#a#REV#b#TASK#000000000042',
    'MINER#a#REV#b#TASK#000000000042#MORE#1',
  ])('does not read %j', (text) => {
    expect(() => sampleKey.parse(text)).toThrow(expect.objectContaining({ code: 'corrupt_row' }))
  })

  it.each([0, 16, 1.5])('refuses the width %d', (width) => {
    expect(() => numberPart('TASK', width)).toThrow(/no width/)
  })

  it('refuses a label in lower case', () => {
    expect(() => textPart('miner')).toThrow(/upper-case/)
  })
})
