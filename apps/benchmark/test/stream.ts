import type { DatasetOptionTexts } from '../src/dataset/dataset-options.ts'
import { parseDatasetOptions } from '../src/dataset/dataset-options.ts'
import type { DatasetPlan } from '../src/dataset/dataset-plan.ts'
import { planDataset } from '../src/dataset/dataset-plan.ts'
import { generateTransfers } from '../src/dataset/generate-transfers.ts'
import type { PlannedTransfer } from '../src/dataset/patterns/pattern-instance.ts'

/** A transfer of the stream, as an object; `step` is its index in the plan, or −1. */
export interface StreamedTransfer extends PlannedTransfer {
  readonly step: number
}

/** A plan for tests: 30 days of torus unless something else is said. */
export function testPlan(change: Partial<DatasetOptionTexts>): DatasetPlan {
  const texts = {
    network: 'torus',
    date: '2025-08-01',
    windowDays: '30',
    transfers: '20000',
    seed: '1',
    format: 'csv',
  }
  return planDataset(parseDatasetOptions({ ...texts, ...change }))
}

/** The whole stream of a plan, in the order of writing. */
export function collectStream(plan: DatasetPlan): StreamedTransfer[] {
  const transfers: StreamedTransfer[] = []
  for (const { buffer, order } of generateTransfers(plan)) {
    for (const row of order) {
      transfers.push({
        from: buffer.from[row] ?? -1,
        to: buffer.to[row] ?? -1,
        cents: buffer.cents[row] ?? -1,
        timeMs: buffer.timeMs[row] ?? -1,
        asset: buffer.asset[row] ?? -1,
        step: buffer.step[row] ?? -1,
      })
    }
  }
  return transfers
}
