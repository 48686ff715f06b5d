import {
  type BenchmarkDatasetContext,
  benchmarkDatasetContextSchema,
  defineTask,
  type Task,
} from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import type { ReadyDataset } from '../../ports/dataset-store.ts'
import { findContest } from '../contests/find-contest.ts'
import { stepRetry } from '../step-retry.ts'

const LIMIT_MS = 3_600_000

type Deps = Pick<BenchmarkDeps, 'datasets' | 'repositories' | 'standalone'>

/** Makes one day's dataset of a contest unless it is there. */
export const prepareDatasetTask: Task<Deps, BenchmarkDatasetContext, ReadyDataset> = defineTask({
  name: 'prepare-dataset',
  context: benchmarkDatasetContextSchema,
  retry: stepRetry,
  timeLimitMs: LIMIT_MS,
  run: async (deps: Deps, { tournamentId, network, processingDate, windowDays }, { signal }) => {
    const contest = await findContest(deps, { tournamentId }, { signal })
    const { datasetSeed: contestSeed, datasetTransfers: transfers } = contest
    return await deps.datasets.ensure({ contestSeed, network, processingDate, windowDays, transfers, signal })
  },
})
