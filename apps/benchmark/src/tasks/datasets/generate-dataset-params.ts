import type { ProgressListener } from '@subnetkit/core'

import type { DatasetOptions } from '../../dataset/dataset-options.ts'

/** What `generateDataset` is told. */
export interface GenerateDatasetParams {
  readonly options: DatasetOptions
  /** Folder under which `snapshot/` and `truth/` stand. */
  readonly out: string
  /** Replaces what is there, whatever it is. */
  readonly force: boolean
  readonly onProgress?: ProgressListener
  readonly signal?: AbortSignal
}
