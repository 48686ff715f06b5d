import type { BenchmarkRun } from '@subnetkit/core'

import { OutputCount } from './output-count.ts'
import { type OutputLimits, outputLimits } from './output-limits.ts'
import type { RowBatches } from './validate-patterns.ts'

/** Names beyond this many are not counted any more: a table of features has hundreds. */
const MAX_COLUMNS = 10_000

/**
 * Counts a table of features: its rows, its columns beside the address, and the rows without an address. A row that is no
 * object has none.
 *
 * @throws InputError when it has more rows than any report may have.
 */
export async function countFeatures(
  batches: RowBatches,
  limits: OutputLimits = outputLimits,
): Promise<NonNullable<BenchmarkRun['features']>> {
  const count = new OutputCount(limits)
  const columns = new Set<string>()
  let rows = 0
  let rowsWithoutAddress = 0
  for await (const batch of batches) {
    for (const row of batch) {
      count.add('scores', 1)
      rows += 1
      if (typeof row !== 'object' || row === null || !hasAddress(row)) rowsWithoutAddress += 1
      if (typeof row !== 'object' || row === null || Array.isArray(row)) continue
      for (const name of Object.keys(row)) if (columns.size < MAX_COLUMNS) columns.add(name)
    }
  }
  columns.delete('address')
  return { rows, columns: columns.size, rowsWithoutAddress }
}

function hasAddress(row: object): boolean {
  const address: unknown = Reflect.get(row, 'address')
  return typeof address === 'string' && address !== ''
}
