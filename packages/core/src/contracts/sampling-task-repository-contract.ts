import { afterAll, beforeAll, describe } from 'vitest'

import { StorageError } from '../errors/storage-error.ts'
import type { SamplingTaskRepository } from '../repositories/sampling-task-repository.ts'
import { samplingTaskClaimContract } from './sampling-task-claim-contract.ts'
import { samplingTaskCreationContract } from './sampling-task-creation-contract.ts'
import { samplingTaskLeaseContract } from './sampling-task-lease-contract.ts'
import { samplingTaskListContract } from './sampling-task-list-contract.ts'
import type { SamplingTaskSuite } from './sampling-task-suite.ts'
import { samplingTaskSweepContract } from './sampling-task-sweep-contract.ts'

/** What an adapter gives to the suite. */
export interface SamplingTaskContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<SamplingTaskRepository>
  readonly teardown?: () => Promise<void>
}

/** Everything that an implementation of {@link SamplingTaskRepository} must hold, on a real engine. */
export function samplingTaskRepositoryContract(options: SamplingTaskContractOptions): void {
  // Every test has places of its own, so that they may run beside each other: engines answer slowly, but many at once.
  describe('sampling task repository contract', { concurrent: true }, () => {
    let repository: SamplingTaskRepository | null = null
    let places = 0
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const suite: SamplingTaskSuite = {
      get repository() {
        if (repository !== null) return repository
        throw new StorageError({ code: 'bad_query', message: 'the suite asks before its tests run' })
      },
      newPlace: () => {
        places += 1
        return { environment: `affine:ded#${places}`, minerHotkey: `miner${places}` }
      },
    }
    samplingTaskCreationContract(suite)
    samplingTaskClaimContract(suite)
    samplingTaskLeaseContract(suite)
    samplingTaskSweepContract(suite)
    samplingTaskListContract(suite)
  })
}
