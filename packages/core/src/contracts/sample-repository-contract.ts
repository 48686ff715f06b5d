import { afterAll, beforeAll, describe } from 'vitest'

import { StorageError } from '../errors/storage-error.ts'
import type { SampleRepository } from '../repositories/sample-repository.ts'
import { sampleReadingContract } from './sample-reading-contract.ts'
import { sampleRefusalContract } from './sample-refusal-contract.ts'
import type { SampleSuite } from './sample-suite.ts'
import { sampleWritingContract } from './sample-writing-contract.ts'

/** What an adapter gives to the suite. */
export interface SampleContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<SampleRepository>
  readonly teardown?: () => Promise<void>
}

/** Everything that an implementation of {@link SampleRepository} must hold, on a real engine. */
export function sampleRepositoryContract(options: SampleContractOptions): void {
  describe('sample repository contract', () => {
    let repository: SampleRepository | null = null
    let miners = 0
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const suite: SampleSuite = {
      get repository() {
        if (repository !== null) return repository
        throw new StorageError({ code: 'bad_query', message: 'the suite asks before its tests run' })
      },
      newMiner: () => `miner${(miners += 1)}`,
    }
    sampleWritingContract(suite)
    sampleReadingContract(suite)
    sampleRefusalContract(suite)
  })
}
