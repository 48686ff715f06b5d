import type { BenchmarkRun } from '@subnetkit/core'

/** Whether a run is over for good: it ended, well or not. What was killed in the middle stands as pending or running. */
export function isFinalRun({ status }: Pick<BenchmarkRun, 'status'>): boolean {
  return status === 'completed' || status === 'timeout' || status === 'failed'
}
