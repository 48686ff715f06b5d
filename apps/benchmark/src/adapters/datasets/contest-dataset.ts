import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'

import { InputError } from '@subnetkit/core'

import {
  type DatasetFormat,
  type DatasetOptions,
  parseDatasetOptions,
} from '../../dataset/dataset-options.ts'
import { datasetLayout } from '../../output/dataset-layout.ts'
import type { DatasetKey } from '../../ports/dataset-store.ts'

/** One dataset of a contest: how it is made, and where it lies. */
export interface ContestDataset {
  readonly options: DatasetOptions
  /** Unlike any other dataset's, of any contest; for locks and folders. It says nothing of the seed. */
  readonly name: string
  /** The dataset's own folder under the store's: `snapshot/` and `truth/` stand in it, and nothing else. */
  readonly folder: string
}

/**
 * What a contest's seed makes of a network, day and window. The dataset's seed is an HMAC of the three under the
 * contest's seed: whoever learns it of one dataset, once the contest is over, knows no other.
 *
 * @throws InputError when the key is none: an empty seed, a network, day, window or size that cannot be made.
 */
export function contestDataset(key: DatasetKey, format: DatasetFormat): ContestDataset {
  if (key.contestSeed === '') {
    throw new InputError({
      field: 'contest seed',
      problem: 'is empty, so that every miner could make the truth',
      hint: 'give one that nobody can guess',
    })
  }
  const { network, processingDate: date, windowDays } = key
  const seed = createHmac('sha256', key.contestSeed).update(`${network}|${date}|${windowDays}`).digest('hex')
  const options = parseDatasetOptions({
    network,
    date,
    windowDays: windowDays.toString(),
    transfers: key.transfers.toString(),
    seed,
    format,
  })
  // Of another text than the seed alone: the folder's name may show in a list of mounts, and must open nothing else.
  const contest = createHash('sha256').update(`subnetkit-contest-folder|${key.contestSeed}`).digest('hex')
  const place = `${datasetLayout(options).batchId}-${options.transfers}`
  return {
    options,
    name: `${contest.slice(0, 16)}-${place}-${format}`,
    folder: join(contest.slice(0, 16), `${place}-${format}`),
  }
}
