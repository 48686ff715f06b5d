import {
  baselineRepositoryContract,
  benchmarkEpochRepositoryContract,
  benchmarkRunRepositoryContract,
  benchmarkScoreRepositoryContract,
  minerDatabaseRepositoryContract,
  minerOutputRepositoryContract,
  submissionRepositoryContract,
  tournamentParticipantRepositoryContract,
  tournamentRepositoryContract,
  tournamentResultRepositoryContract,
  type TwoWriters,
} from '@subnetkit/core/contracts'
import { afterAll, expect, it } from 'vitest'

import { createClickHouseBenchmarkRepositories, type ClickHouseBenchmarkRepositories } from '../src/index.ts'
import { openBenchmarkStore, type BenchmarkStore } from './benchmark-store.ts'
import { describeOnEachEngine } from './engine.ts'

type All = ClickHouseBenchmarkRepositories
type Name = keyof All

/** Opens the store that all contracts of an engine share, and picks an aggregate as two processes have it. */
interface Stores {
  of<Picked extends Name>(name: Picked): () => Promise<TwoWriters<All[Picked]>>
  open(): Promise<BenchmarkStore>
}

/** One entry per repository: a new one without a contract does not compile. */
const contracts: Readonly<Record<Name, (stores: Stores) => void>> = {
  baselines: ({ of }) => baselineRepositoryContract({ setup: of('baselines') }),
  benchmarkEpochs: ({ of }) => benchmarkEpochRepositoryContract({ setup: of('benchmarkEpochs') }),
  benchmarkRuns: ({ of }) => benchmarkRunRepositoryContract({ setup: of('benchmarkRuns') }),
  benchmarkScores: ({ of }) => benchmarkScoreRepositoryContract({ setup: of('benchmarkScores') }),
  minerDatabases: ({ of }) => minerDatabaseRepositoryContract({ setup: of('minerDatabases') }),
  minerOutputs: ({ open }) =>
    minerOutputRepositoryContract({
      setup: async () => {
        const store = await open()
        return {
          repository: store.repositories.minerOutputs,
          newMinerDatabase: () => store.newMinerDatabase(),
        }
      },
    }),
  submissions: ({ of }) => submissionRepositoryContract({ setup: of('submissions') }),
  tournamentParticipants: ({ of }) =>
    tournamentParticipantRepositoryContract({ setup: of('tournamentParticipants') }),
  tournamentResults: ({ of }) => tournamentResultRepositoryContract({ setup: of('tournamentResults') }),
  tournaments: ({ of }) => tournamentRepositoryContract({ setup: of('tournaments') }),
}

describeOnEachEngine('contracts of the benchmark', (engine) => {
  let opening: Promise<BenchmarkStore> | null = null
  const open = async (): Promise<BenchmarkStore> => {
    opening ??= openBenchmarkStore(engine)
    return opening
  }
  afterAll(async () => {
    await (await opening)?.close()
  })
  const anHourBefore = Date.UTC(2025, 7, 1, 23)
  const stores: Stores = {
    open,
    of: (name) => async () => {
      const { connection, repositories } = await open()
      const clock = { now: () => anHourBefore, writerId: 8 }
      const behind = createClickHouseBenchmarkRepositories(connection, clock)
      return { repository: repositories[name], behind: behind[name] }
    },
  }
  for (const run of Object.values(contracts)) run(stores)

  it('has a contract for every repository that the package makes', async () => {
    const { repositories } = await open()
    expect(Object.keys(contracts).toSorted()).toEqual(Object.keys(repositories).toSorted())
  })
})
