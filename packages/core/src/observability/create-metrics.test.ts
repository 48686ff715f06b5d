import { describe, expect, it } from 'vitest'

import { COUNT_BUCKETS, DURATION_BUCKETS, SIZE_BUCKETS } from './buckets.ts'
import { createMetrics } from './create-metrics.ts'

describe('createMetrics', () => {
  it('counts tasks and store calls, with durations in seconds', async () => {
    const metrics = createMetrics({ service: 'aml-miner', version: '1.2.3' })
    metrics.taskEnded({ task: 'score-batch', outcome: 'completed', durationMs: 300 })
    metrics.taskEnded({ task: 'score-batch', outcome: 'failed', durationMs: 100 })
    metrics.storeCalled({
      store: 'clickhouse',
      operation: 'alertScores.put',
      outcome: 'ok',
      durationMs: 20,
      rows: 60,
    })
    metrics.storeCalled({
      store: 'clickhouse',
      operation: 'alertScores.put',
      outcome: 'ok',
      durationMs: 20,
      rows: 0,
    })
    metrics.storeCalled({ store: 'clickhouse', operation: 'batches.get', outcome: 'failed', durationMs: 20 })
    const text = await metrics.text()
    for (const line of [
      'subnetkit_service_info{version="1.2.3",service="aml-miner"} 1',
      'subnetkit_task_runs_total{task="score-batch",outcome="completed",service="aml-miner"} 1',
      'subnetkit_task_runs_total{task="score-batch",outcome="failed",service="aml-miner"} 1',
      'subnetkit_task_duration_seconds_bucket{le="0.25",service="aml-miner",task="score-batch"} 1',
      'subnetkit_task_duration_seconds_sum{service="aml-miner",task="score-batch"} 0.4',
      'subnetkit_store_calls_total{store="clickhouse",operation="alertScores.put",outcome="ok",service="aml-miner"} 2',
      'subnetkit_store_calls_total{store="clickhouse",operation="batches.get",outcome="failed",service="aml-miner"} 1',
      'subnetkit_store_rows_total{store="clickhouse",operation="alertScores.put",service="aml-miner"} 60',
      'subnetkit_store_call_rows_bucket{le="50",service="aml-miner",store="clickhouse",operation="alertScores.put"} 1',
      'subnetkit_store_call_rows_bucket{le="100",service="aml-miner",store="clickhouse",operation="alertScores.put"} 2',
    ]) {
      expect(text).toContain(line)
    }
    expect(text).not.toContain('operation="batches.get",service="aml-miner"} 0\n')
    expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/)
  })

  it('shares nothing between two services', async () => {
    const first = createMetrics({ service: 'a', version: '1' })
    const second = createMetrics({ service: 'b', version: '1' })
    first.taskEnded({ task: 'x', outcome: 'refused', durationMs: 0 })
    expect(await first.text()).toContain('task="x"')
    expect(await second.text()).not.toContain('task="x"')
  })

  it('refuses a negative count of rows', () => {
    const metrics = createMetrics({ service: 'a', version: '1' })
    expect(() =>
      metrics.storeCalled({ store: 's', operation: 'o', outcome: 'ok', durationMs: 1, rows: -1 }),
    ).toThrow(/decrease/)
  })

  it('has growing buckets', () => {
    for (const buckets of [COUNT_BUCKETS, DURATION_BUCKETS, SIZE_BUCKETS]) {
      expect([...buckets].sort((a, b) => a - b)).toEqual(buckets)
    }
    expect(SIZE_BUCKETS.at(0)).toBe(64)
    expect(SIZE_BUCKETS.at(-1)).toBe(16_777_216)
  })
})
