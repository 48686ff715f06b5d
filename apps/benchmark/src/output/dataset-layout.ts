import { join } from 'node:path'

import type { DatasetOptions } from '../dataset/dataset-options.ts'

/** Where the parts of a dataset lie under the output folder. */
export interface DatasetLayout {
  readonly batchId: string
  /** Folder of what a miner may see, relative to the output folder. */
  readonly snapshot: string
  /** Folder of the truth, relative to the output folder: nothing of it lies under `snapshot/`. */
  readonly truth: string
}

/** The layout of a batch: `snapshot/{network}/{date}/{window}` and `truth/{network}/{date}/{window}`. */
export function datasetLayout(
  options: Pick<DatasetOptions, 'network' | 'date' | 'windowDays'>,
): DatasetLayout {
  const place = join(options.network, options.date, String(options.windowDays))
  return {
    batchId: `${options.network}-${options.date}-${options.windowDays}d`,
    snapshot: join('snapshot', place),
    truth: join('truth', place),
  }
}
