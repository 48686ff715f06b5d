import { z } from 'zod'

import { ChainError, type Hyperparameters } from '../../ports/chain.ts'
import { bigSchema, integerSchema, u16NumberSchema } from './chain-numbers.ts'
import { parseAnswer, type BlockAt, type ChainSession, type StorageQuestion } from './chain-session.ts'
import { epochSchedule, type EpochSchedule } from './epoch-schedule.ts'
import type { Runtime } from './runtime.ts'

const subnetSchema = z.object({
  isThere: z.boolean(),
  at: integerSchema,
  tempo: u16NumberSchema,
  weightsRateLimit: integerSchema,
  minAllowedWeights: u16NumberSchema,
  maxWeightLimit: u16NumberSchema,
  weightsVersionKey: bigSchema,
  commitRevealEnabled: z.boolean(),
  revealPeriodEpochs: integerSchema,
  activityCutoff: integerSchema,
  activityFactor: integerSchema.optional(),
  stakeThreshold: bigSchema,
  lastEpochBlock: integerSchema.optional(),
  pendingEpochAt: integerSchema.optional(),
})

/** From this version on the chain passes over what it still keeps as a subnet's largest weight. */
const NO_WEIGHT_LIMIT_FROM = 335
const MAX_WEIGHT = 65_535

/** A subnet's rules at a block, and when its epochs run. */
export interface SubnetAt {
  readonly at: Date
  readonly hyperparameters: Hyperparameters
  readonly schedule: EpochSchedule
}

/** @throws ChainError `no_subnet`, or as {@link ChainSession.read}. */
export async function readSubnet(
  session: ChainSession,
  params: Readonly<{ runtime: Runtime; block: BlockAt; netuid: number }>,
  signal?: AbortSignal,
): Promise<SubnetAt> {
  const { runtime, block, netuid } = params
  const asked = questions(runtime, netuid)
  const subnet = parseAnswer(
    subnetSchema,
    `subnet ${netuid}`,
    await session.read(runtime, block.blockHash, asked, signal),
  )
  if (!subnet.isThere) {
    throw new ChainError({
      code: 'no_subnet',
      message: `there is no subnet ${netuid} at block ${block.blockNumber}`,
    })
  }
  const { isThere: _, at, lastEpochBlock, pendingEpochAt = 0, activityFactor, ...rest } = subnet
  const { tempo } = rest
  // Newer runtimes count the cutoff in thousandths of a tempo.
  const activityCutoff =
    activityFactor === undefined ? rest.activityCutoff : Math.floor((activityFactor * tempo) / 1_000)
  const maxWeightLimit = runtime.specVersion < NO_WEIGHT_LIMIT_FROM ? rest.maxWeightLimit : MAX_WEIGHT
  const { blockNumber } = block
  return {
    at: new Date(at),
    hyperparameters: { ...rest, netuid, activityCutoff, maxWeightLimit },
    schedule: epochSchedule({
      netuid,
      tempo,
      blockNumber,
      lastEpochBlock: lastEpochBlock ?? null,
      pendingEpochAt,
    }),
  }
}

function questions(runtime: Runtime, netuid: number): Record<string, StorageQuestion> {
  const ofSubnet = (item: string): StorageQuestion => ({ item, args: [netuid] })
  const where = (name: string, item: string): Record<string, StorageQuestion> =>
    runtime.hasStorage(item) ? { [name]: ofSubnet(item) } : {}
  return {
    isThere: ofSubnet('NetworksAdded'),
    at: { pallet: 'Timestamp', item: 'Now', args: [] },
    tempo: ofSubnet('Tempo'),
    weightsRateLimit: ofSubnet('WeightsSetRateLimit'),
    minAllowedWeights: ofSubnet('MinAllowedWeights'),
    maxWeightLimit: ofSubnet('MaxWeightsLimit'),
    weightsVersionKey: ofSubnet('WeightsVersionKey'),
    commitRevealEnabled: ofSubnet('CommitRevealWeightsEnabled'),
    revealPeriodEpochs: ofSubnet('RevealPeriodEpochs'),
    activityCutoff: ofSubnet('ActivityCutoff'),
    // Its name until 2025.
    stakeThreshold: {
      item: runtime.hasStorage('WeightsMinStake') ? 'WeightsMinStake' : 'StakeThreshold',
      args: [],
    },
    ...where('activityFactor', 'ActivityCutoffFactorMilli'),
    ...where('lastEpochBlock', 'LastEpochBlock'),
    ...where('pendingEpochAt', 'PendingEpochAt'),
  }
}
