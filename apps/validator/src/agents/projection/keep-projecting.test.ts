import { type Clock, createMetrics, silentLogger, StorageError } from '@subnetkit/core'
import { expect, it } from 'vitest'

import type { ProjectionPass } from '../../tasks/project-agents.ts'
import { keepProjecting } from './keep-projecting.ts'
import { createProjectionMetrics } from './projection-metrics.ts'

const done: ProjectionPass = {
  changes: 1,
  scores: 0,
  evaluations: 2,
  runs: 3,
  failed: 0,
  failures: [],
  waiting: 0,
}

/** Runs through these passes, one after another; gives the pauses between them and the metrics at the end. */
async function passThrough(
  passes: readonly (ProjectionPass | Error)[],
): Promise<Readonly<{ pauses: readonly number[]; text: string; warnings: readonly string[] }>> {
  const ended = new AbortController()
  const pauses: number[] = []
  const warnings: string[] = []
  const left = [...passes]
  let nowMs = 0
  const clock: Clock = {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      pauses.push(ms)
      nowMs += ms
      if (left.length === 0) ended.abort()
    },
  }
  const metrics = createMetrics({ service: 'test', version: '1' })
  const warn = (_details: unknown, message: string): void => void warnings.push(message)
  await keepProjecting(
    {
      project: async () => {
        const pass = left.shift() ?? null
        if (pass instanceof Error) throw pass
        return pass
      },
      count: async () => 7,
      everyMs: 5_000,
      metrics: createProjectionMetrics(metrics, clock),
      clock,
      random: () => 0,
      log: { ...silentLogger, warn },
    },
    ended.signal,
  )
  return { pauses, warnings, text: await metrics.text() }
}

const down = new StorageError({ code: 'unavailable', message: 'no answer', retryable: true })

it('passes again and again, and counts what it copies', async () => {
  const { pauses, text, warnings } = await passThrough([done, null, done])
  expect(pauses).toStrictEqual([5_000, 5_000, 5_000])
  expect(warnings).toStrictEqual([])
  expect(text).toMatch(/projected_rows_total\{[^}]*kind="runs"[^}]*\} 6\n/)
  expect(text).toMatch(/projection_lag_seconds(?:\{[^}]*\})? 0\n/)
})

it('comes less and less often while the record is down, and tells how far behind it is', async () => {
  const { pauses, text, warnings } = await passThrough([done, ...Array.from({ length: 8 }, () => down)])
  expect(pauses).toStrictEqual([5_000, 5_000, 5_000, 5_000, 5_000, 8_000, 16_000, 30_000, 30_000])
  expect(warnings).toHaveLength(8)
  expect(text).toMatch(/outbox_entries(?:\{[^}]*\})? 7\n/)
  expect(text).toMatch(/projection_lag_seconds(?:\{[^}]*\})? 109\n/)
  expect((await passThrough([down, done])).text).toMatch(/projection_lag_seconds(?:\{[^}]*\})? 0\n/)
})

it('tells once of rows that cannot be copied, and keeps its pace', async () => {
  const stuck = { ...done, failed: 1, failures: [{ table: 'evaluations', id: 'e', problem: 'p' }] }
  const { pauses, text, warnings } = await passThrough([stuck, stuck, null, stuck])
  expect(pauses).toStrictEqual([5_000, 5_000, 5_000, 5_000])
  expect(warnings).toHaveLength(1)
  expect(text).toMatch(/outbox_entries(?:\{[^}]*\})? 1\n/)
})
