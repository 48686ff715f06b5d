import { type Batch, type DayKey, InputError } from '@subnetkit/core'

import { type DayDeps, dayKeyOf } from './day-steps.ts'

/**
 * The visible result of a day, for commands that work on one.
 *
 * @throws InputError when the day has no completed batch.
 */
export async function getCompletedBatch(
  { repositories }: Pick<DayDeps, 'repositories'>,
  key: DayKey,
  signal: AbortSignal,
): Promise<Batch> {
  const batch = await repositories.batches.findCompleted({ key: dayKeyOf(key) }, { signal })
  if (batch !== null) return batch
  throw new InputError({
    field: '--date',
    value: key.processingDate,
    problem: `has no completed batch of ${key.network} in a window of ${key.windowDays} days`,
    hint: 'run the day first: aml-miner run',
  })
}
