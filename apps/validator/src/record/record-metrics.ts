import { DURATION_BUCKETS, type Metrics } from '@subnetkit/core'
import { Counter, Gauge, Histogram } from 'prom-client'

import type { RecordTableSize } from '../ports/record-store.ts'

/** What the record is asked for or given, as metrics and logs name it. */
export type RecordCall =
  'open' | 'settings' | 'retention' | 'cycle' | 'epoch' | 'compare' | 'traces' | 'statistics' | 'health'

/** What is missing in the record. */
export interface GapCounts {
  /** Cycles whose weights were sent and of which no miner has a trace. */
  readonly cycles: number
  /** Scored miners without a trace, in cycles that have some. */
  readonly miners: number
  /** Epochs that ran on our weights and are not kept. */
  readonly epochs: number
}

/** Where the record tells how it fares. */
export interface RecordMetrics {
  /** A call that came back, well or not. */
  called(call: RecordCall, durationMs: number, hasFailed: boolean): void
  dropped(things: number): void
  /** What one pass spent of the process's own time. */
  spent(ms: number, isOver: boolean): void
  gaps(counts: GapCounts): void
  tables(sizes: readonly RecordTableSize[]): void
  /** Blocks from inclusion to the first epoch that ran on the weights, or from an epoch to our first look at it. */
  delay(step: 'effective' | 'observed', blocks: number): void
}

/** Declares the record's metrics; once per registry. */
export function createRecordMetrics({ registry }: Pick<Metrics, 'registry'>): RecordMetrics {
  const registers = [registry]
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `subnetkit_record_${name}`, help, labelNames, registers })
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name: `subnetkit_record_${name}`, help, labelNames, registers })
  const failures = counter('failed_calls_total', 'Calls of the record that failed.', ['call'])
  const droppedThings = counter('dropped_total', 'Things given up because too many waited.', [])
  const overruns = counter('over_budget_total', 'Passes in which the record took more than its budget.', [])
  const seconds = new Histogram({
    name: 'subnetkit_record_call_duration_seconds',
    help: 'Duration of calls of the record, waiting included.',
    labelNames: ['call'],
    buckets: [...DURATION_BUCKETS, 30, 60],
    registers,
  })
  const held = gauge('held_up_seconds', 'Own time of the process that the record took of the last pass.', [])
  const gaps = gauge('gaps', 'What the record lacks: cycles, miners and epochs.', ['kind'])
  const bytes = gauge('table_bytes', 'Size of a table on disk.', ['table'])
  const rows = gauge('table_rows', 'Rows of a table, superseded ones included.', ['table'])
  const delays = gauge(
    'consensus_delay_blocks',
    'Blocks from inclusion to effect, or from an epoch to its observation.',
    ['step'],
  )
  return {
    called(call, durationMs, hasFailed) {
      seconds.observe({ call }, durationMs / 1_000)
      if (hasFailed) failures.inc({ call })
    },
    dropped: (things) => droppedThings.inc(things),
    spent(ms, isOver) {
      held.set(ms / 1_000)
      if (isOver) overruns.inc()
    },
    gaps(counts) {
      for (const [kind, count] of Object.entries(counts)) gaps.set({ kind }, count)
    },
    tables(sizes) {
      for (const { table, bytes: size, rows: count } of sizes) {
        bytes.set({ table }, size)
        rows.set({ table }, count)
      }
    },
    delay: (step, blocks) => delays.set({ step }, blocks),
  }
}
