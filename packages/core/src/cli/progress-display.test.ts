import { PassThrough } from 'node:stream'

import { describe, expect, it } from 'vitest'

import { silentLogger } from '../observability/logger.ts'
import { createProgressDisplay, progressText } from './progress-display.ts'

function inPipe() {
  let nowMs = 0
  const lines: string[] = []
  const log = { ...silentLogger, info: (_details: unknown, message: string) => void lines.push(message) }
  const stream = new PassThrough()
  const display = createProgressDisplay({ stream, isTerminal: false, log, monotonicMs: () => nowMs })
  return { display, lines, stream, at: (ms: number) => void (nowMs = ms) }
}

describe('progress in a pipe', () => {
  it('writes at most one line in five seconds, but always the first and the last of a stage', () => {
    const { display, lines, stream, at } = inPipe()
    for (let done = 0; done <= 10_000; done++) {
      at(done * 1.2)
      display.listener({ done, total: 10_000, unit: 'rows', stage: 'load' })
    }
    display.listener({ done: 10_000, total: 10_000, unit: 'rows', stage: 'load' })
    display.listener({ done: 0, total: null, unit: 'rows', stage: 'export' })
    expect(lines).toEqual([
      'load: 0 of 10,000 rows (0 %)',
      'load: 4,167 of 10,000 rows (41 %)',
      'load: 8,334 of 10,000 rows (83 %)',
      'load: 10,000 of 10,000 rows (100 %)',
      'export',
    ])
    display.stop()
    expect(stream.read()).toBeNull()
  })

  it('is not silenced for good by a stage that reached its end once', () => {
    const { display, lines, at } = inPipe()
    display.listener({ done: 1, total: 1, unit: 'days' })
    display.listener({ done: 1, total: 1, unit: 'days' })
    at(6_000)
    display.listener({ done: 1, total: 2, unit: 'days' })
    expect(lines).toEqual(['1 of 1 days (100 %)', '1 of 2 days (50 %)'])
  })
})

describe('progress on a terminal', () => {
  it('draws a bar and takes it away', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 })
    const display = createProgressDisplay({
      stream,
      isTerminal: true,
      log: silentLogger,
      monotonicMs: () => 0,
    })
    display.stop()
    display.listener({ done: 3, total: 4, unit: 'alerts', stage: 'score' })
    display.stop()
    const shown = String(stream.read())
    expect(shown).toContain('score: 3 of 4 alerts (75 %)')
    expect(shown).toMatch(/[█=]/)
  })
})

describe('progressText', () => {
  it.each([
    [{ done: 0, total: 0, unit: 'rows' }, '0 of 0 rows (100 %)'],
    [{ done: 1, total: 3, unit: 'rows' }, '1 of 3 rows (33 %)'],
    [{ done: 0, total: null, unit: 'rows', stage: 'reading files' }, 'reading files'],
    [{ done: 1_234_567, total: null, unit: 'rows', stage: 'load' }, 'load: 1,234,567 rows'],
  ])('says %o', (update, text) => {
    expect(progressText(update)).toBe(text)
  })
})
