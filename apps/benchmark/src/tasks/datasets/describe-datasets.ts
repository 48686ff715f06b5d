import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { InputError } from '@subnetkit/core'

import { datasetLayout } from '../../output/dataset-layout.ts'
import type { SnapshotMeta, TruthMeta } from '../../output/dataset-meta.ts'
import { readSnapshotMeta, readTruthMeta } from '../../output/existing-dataset.ts'

/** One dataset as its META.json files tell it; `truth` is null where the truth was taken away. */
export interface DescribedDataset {
  readonly folder: string
  readonly snapshot: SnapshotMeta
  readonly truth: TruthMeta | null
}

/**
 * Every dataset under an output folder, in the order of network, date and window. Only META.json files are read; the
 * tables are not checked.
 */
export async function describeDatasets(out: string): Promise<DescribedDataset[]> {
  const refuse = (problem: string, cause?: unknown): InputError =>
    new InputError({
      field: 'DIR',
      value: out,
      problem,
      hint: 'give the --out folder of an earlier `benchmark dataset generate`',
      cause,
    })
  const names = await readdir(join(out, 'snapshot'), { recursive: true }).catch((cause: unknown) => {
    throw refuse('holds no datasets', cause)
  })
  const described: DescribedDataset[] = []
  for (const name of names.filter((one) => one.endsWith('META.json')).sort()) {
    const folder = join(out, 'snapshot', dirname(name))
    const snapshot = await readSnapshotMeta(folder)
    if (snapshot === null) continue
    const { network, processing_date: date, window_days: windowDays } = snapshot
    const truth = await readTruthMeta(join(out, datasetLayout({ network, date, windowDays }).truth))
    described.push({ folder, snapshot, truth })
  }
  if (described.length === 0) throw refuse('holds no datasets')
  return described
}
