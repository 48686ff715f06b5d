import { describe, expect, it } from 'vitest'

import type { ExpandedScores } from './expand-score-array.ts'
import { taskScoresFromLines } from './task-scores-from-lines.ts'

const options = {
  subject: 'scores.jsonl',
  netuid: 57,
  validatorHotkey: 'validator',
  hotkeys: new Map([[1, 'alice']]),
}

function lineOf(taskId: string, score: number | string): string {
  const list = Array.from({ length: 256 }, (_, uid) => (uid === 1 ? String(score) : '0.0'))
  return `{"task_name": "weather", "task_id": "${taskId}", "score": [${list.join(', ')}], "created_at": "2025-07-23T10:11:12Z"}`
}

async function* from(...lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line)
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

describe('taskScoresFromLines', () => {
  it('gives the scores of one line after the other, and tells of each event', async () => {
    const events: ExpandedScores[] = []
    const scores = await collect(
      taskScoresFromLines(from(lineOf('a', 0.5), '', lineOf('b', 'NaN'), lineOf('NaN', 0.7)), {
        ...options,
        onEvent: (event) => events.push(event),
      }),
    )
    expect(scores.map(({ taskId, score }) => [taskId, score])).toEqual([
      ['a', 0.5],
      ['b', null],
      ['NaN', 0.7],
    ])
    expect(events.map((event) => event.scores.length)).toEqual([1, 1, 1])
  })

  it('reads no further than it is asked', async () => {
    let read = 0
    async function* endless(): AsyncGenerator<string> {
      for (;;) yield await Promise.resolve(lineOf(`${(read += 1)}`, 0.5))
    }
    for await (const { taskId } of taskScoresFromLines(endless(), options)) if (taskId === '3') break
    expect(read).toBe(3)
  })

  it.each([
    ['{"task_name": "weather"', /scores\.jsonl, line 2: is not JSON/],
    ['{"task_name": "weather", "task_id": "x"}', /scores\.jsonl, line 2: created_at/],
    [lineOf('x', 0.1).replace('[0.0, ', '['), /line 2: scores of weather x: 255/],
  ])('says which line cannot be read: %s', async (line, message) => {
    const reading = collect(taskScoresFromLines(from(lineOf('a', 0.5), line), options))
    await expect(reading).rejects.toThrow(message)
    await expect(reading).rejects.toMatchObject({ name: 'InputError' })
  })
})
