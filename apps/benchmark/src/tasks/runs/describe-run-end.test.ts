import { describe, expect, it } from 'vitest'

import { describeRunEnd } from './describe-run-end.ts'

const ended = { end: 'exited', exitCode: 1, executionMs: 1_234, log: '' } as const

describe('describeRunEnd', () => {
  it('says how it ended and what was printed last', () => {
    const log = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n')
    expect(describeRunEnd({ ...ended, log })).toBe(
      `the program ended with exit code 1 after 1.2 s; it printed last: ${Array.from({ length: 10 }, (_, at) => `line ${20 + at}`).join(' | ')}`,
    )
    expect(describeRunEnd(ended)).toBe('the program ended with exit code 1 after 1.2 s; it printed nothing')
  })

  it.each([
    ['timeout', /time limit/],
    ['out_of_memory', /more memory/],
    ['output_too_large', /wrote more/],
    ['killed', /was killed/],
  ] as const)('has words for %s', (end, words) => {
    expect(describeRunEnd({ ...ended, end, exitCode: null })).toMatch(words)
  })

  it('lets nothing through that moves a cursor, and stays within what a run may say', () => {
    const log = `\u001B[2J\u001B[31mred\u0007\r\u202Ereversed\n${'x'.repeat(50_000)}\n`.repeat(20)
    const text = describeRunEnd({ ...ended, log })
    expect(text).not.toMatch(/[^\P{C}]/u)
    expect(text.length).toBeLessThanOrEqual(2_000)
    const pairs = describeRunEnd({ ...ended, log: `${'😀'.repeat(90)}\n`.repeat(40) })
    expect(Buffer.from(pairs, 'utf8').toString('utf8')).toBe(pairs)
  })
})
