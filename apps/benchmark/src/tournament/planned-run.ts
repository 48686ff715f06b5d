import type { BenchmarkRunKey, ImageType, UtcDate } from '@subnetkit/core'

/** Whose runs are planned. */
export interface RunnerOfDay {
  readonly epochId: string
  readonly hotkey: string
  readonly imageType: ImageType
  /** Place among those who take part; the baseline's is 0. */
  readonly order: number
}

/** On which worlds a day's runs are. */
export interface DayWorlds {
  readonly testDate: UtcDate
  readonly networks: readonly string[]
  readonly windowDays: readonly number[]
}

/** A run that a day has, with its place in the order of the day. */
export interface PlannedRun extends BenchmarkRunKey {
  /** From 0. */
  readonly runOrder: number
  /** End (exclusive) of the dataset's window: midnight at which the test day begins, UTC. */
  readonly processingDate: UtcDate
}

/**
 * All runs of a day in their order: by participant (the baseline first, then as they registered), network and window,
 * the latter two as the tournament lists them.
 */
export function planDay(runners: readonly RunnerOfDay[], worlds: DayWorlds): readonly PlannedRun[] {
  const { testDate } = worlds
  return runners
    .toSorted((a, b) => a.order - b.order || (a.hotkey < b.hotkey ? -1 : 1))
    .flatMap(({ epochId, hotkey, imageType }) =>
      worlds.networks.flatMap((network) =>
        worlds.windowDays.map((windowDays) => ({
          epochId,
          hotkey,
          imageType,
          testDate,
          network,
          windowDays,
        })),
      ),
    )
    .map((key, runOrder) => ({ ...key, runOrder, processingDate: testDate }))
}
