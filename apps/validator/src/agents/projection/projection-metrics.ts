import type { Clock, Metrics } from '@subnetkit/core'
import { Counter, Gauge } from 'prom-client'

import type { ProjectionPass } from '../../tasks/project-agents.ts'

/** Where the projection of the agent registry tells how it fares. */
export interface ProjectionMetrics {
  /** A pass that came to its end; null when another process was at it. */
  passed(pass: ProjectionPass): void
  /** A pass that broke off, and how many entries the outboxes have. */
  failed(left: number): void
}

/** Declares the metrics; once per registry. */
export function createProjectionMetrics(
  { registry }: Pick<Metrics, 'registry'>,
  clock: Pick<Clock, 'monotonicMs'>,
): ProjectionMetrics {
  const registers = [registry]
  let wholeAtMs = clock.monotonicMs()
  let isWhole = false
  const lag: Gauge = new Gauge({
    name: 'subnetkit_agents_projection_lag_seconds',
    help: 'Seconds since everything that was decided was in the record; 0 while nothing is left.',
    registers,
    collect: () => lag.set(isWhole ? 0 : (clock.monotonicMs() - wholeAtMs) / 1_000),
  })
  const entries = new Gauge({
    name: 'subnetkit_agents_outbox_entries',
    help: 'Entries that the last pass left in the outboxes.',
    registers,
  })
  const copied = new Counter({
    name: 'subnetkit_agents_projected_rows_total',
    help: 'Rows of the agent registry that were copied into the record.',
    labelNames: ['kind'],
    registers,
  })
  const failures = new Counter({
    name: 'subnetkit_agents_projection_failures_total',
    help: 'Passes that broke off.',
    registers,
  })
  return {
    passed(pass) {
      if (pass === null) return
      for (const kind of ['changes', 'scores', 'evaluations', 'runs'] as const)
        copied.inc({ kind }, pass[kind])
      const left = pass.failed + pass.waiting
      isWhole = left === 0
      if (isWhole) wholeAtMs = clock.monotonicMs()
      entries.set(left)
    },
    failed(left) {
      failures.inc()
      isWhole = false
      entries.set(left)
    },
  }
}
