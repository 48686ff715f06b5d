import { Counter, Gauge, Histogram, Registry } from 'prom-client'

import type { TaskMetrics } from '../tasks/run-task.ts'
import { COUNT_BUCKETS, DURATION_BUCKETS } from './buckets.ts'

/** One call of a store, as metrics see it. */
export interface StoreCall {
  /** `clickhouse`, `dynamodb`. */
  readonly store: string
  /** The repository's method, e.g. `alertScores.put`; never a key or a value, since each label value is a time series. */
  readonly operation: string
  readonly outcome: 'ok' | 'failed'
  readonly durationMs: number
  /** Rows or items that crossed; absent when the call moves none. */
  readonly rows?: number
}

/** Where stores report their calls; `createMetrics` makes one. */
export interface StoreMetrics {
  storeCalled(call: Readonly<StoreCall>): void
}

/** A process's metrics: what tasks and stores report, and the text that Prometheus reads. */
export interface Metrics extends TaskMetrics, StoreMetrics {
  /** For counters of an app's own; names must not clash with those of this package. */
  readonly registry: Registry
  /** The MIME type of {@link text}. */
  readonly contentType: string
  text(): Promise<string>
}

/**
 * Makes a registry of its own for one service: nothing is global, so two services in one test do not meet. Durations are
 * given in ms and published in seconds, as Prometheus expects.
 */
export function createMetrics(options: Readonly<{ service: string; version: string }>): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service: options.service })
  const registers = [registry]

  new Gauge({
    name: 'subnetkit_service_info',
    help: 'Always 1; the version is its label.',
    labelNames: ['version'],
    registers,
  }).set({ version: options.version }, 1)
  const taskRuns = new Counter({
    name: 'subnetkit_task_runs_total',
    help: 'Runs of tasks by outcome: completed, failed, aborted, refused.',
    labelNames: ['task', 'outcome'],
    registers,
  })
  const taskSeconds = new Histogram({
    name: 'subnetkit_task_duration_seconds',
    help: 'Duration of task runs, all attempts included.',
    labelNames: ['task'],
    buckets: [...DURATION_BUCKETS, 30, 60, 300, 900, 3_600],
    registers,
  })
  const storeCalls = new Counter({
    name: 'subnetkit_store_calls_total',
    help: 'Calls of stores by outcome.',
    labelNames: ['store', 'operation', 'outcome'],
    registers,
  })
  const storeSeconds = new Histogram({
    name: 'subnetkit_store_call_duration_seconds',
    help: 'Duration of calls of stores.',
    labelNames: ['store', 'operation'],
    buckets: [...DURATION_BUCKETS],
    registers,
  })
  const rows = new Counter({
    name: 'subnetkit_store_rows_total',
    help: 'Rows or items that crossed to or from a store.',
    labelNames: ['store', 'operation'],
    registers,
  })
  const rowsPerCall = new Histogram({
    name: 'subnetkit_store_call_rows',
    help: 'Rows or items per call of a store.',
    labelNames: ['store', 'operation'],
    buckets: [...COUNT_BUCKETS],
    registers,
  })

  return {
    registry,
    contentType: registry.contentType,
    text: async () => await registry.metrics(),
    taskEnded({ task, outcome, durationMs }) {
      taskRuns.inc({ task, outcome })
      taskSeconds.observe({ task }, durationMs / 1_000)
    },
    storeCalled({ store, operation, outcome, durationMs, rows: moved }) {
      storeCalls.inc({ store, operation, outcome })
      storeSeconds.observe({ store, operation }, durationMs / 1_000)
      if (moved === undefined) return
      rows.inc({ store, operation }, moved)
      rowsPerCall.observe({ store, operation }, moved)
    },
  }
}
