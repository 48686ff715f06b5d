import { uidSchema, weightsSnapshotSchema, type WeightsSnapshot } from '@subnetkit/core'

import { jsonOf, optionalTextOf, uuidOf } from './dump-values.ts'
import { fitModel } from './fit-model.ts'
import { parseInterval } from './parse-interval.ts'
import { instantOf, type DumpTimes } from './parse-timestamp.ts'
import { RowProblem } from './row-problem.ts'

/** How keys of weights are read. */
export interface WeightKeys {
  /** Who held which uid; null where nobody said. */
  readonly hotkeys: ReadonlyMap<number, string> | null
}

const field = 'miner_weights'

/**
 * A row of `weights_history`. The platform's monitor wrote uids for keys and other code hotkeys: a key of digits is a
 * uid, which only a map of who held it makes a miner of.
 *
 * @throws RowProblem
 */
export function readSnapshot(
  values: readonly unknown[],
  times: DumpTimes,
  { hotkeys }: WeightKeys,
): WeightsSnapshot {
  const [id, timestamp, since, weights] = values
  const interval = optionalTextOf('time_since_last_update', since)
  return fitModel(weightsSnapshotSchema, {
    id: uuidOf('id', id),
    timestamp: instantOf('timestamp', timestamp, times),
    timeSinceLastUpdateSeconds: interval === null ? null : parseInterval('time_since_last_update', interval),
    minerWeights: minerWeightsOf(weights, hotkeys),
  })
}

function minerWeightsOf(
  value: unknown,
  hotkeys: ReadonlyMap<number, string> | null,
): readonly Readonly<{ minerHotkey: string; weight: unknown }>[] {
  const map = value === null ? null : jsonOf(field, value)
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw bad(value, 'is no map of miners to weights', 'give a JSON object such as {"5Grw…": 0.5}')
  }
  const weights = Object.entries(map).map(([key, weight]: [string, unknown]) => {
    if (typeof weight !== 'number') {
      throw bad(weight, `has no number for ${key}`, 'give a weight of 0 or more')
    }
    return { minerHotkey: hotkeyOf(key, hotkeys), weight }
  })
  const ordered = weights.toSorted((a, b) => (a.minerHotkey < b.minerHotkey ? -1 : 1))
  const twice = ordered.find((weight, at) => weight.minerHotkey === ordered[at - 1]?.minerHotkey)
  if (twice === undefined) return ordered
  throw bad(twice.minerHotkey, 'is named by two keys', 'correct the uids of --uid-map')
}

function hotkeyOf(key: string, hotkeys: ReadonlyMap<number, string> | null): string {
  if (!/^\d+$/.test(key)) return key
  if (hotkeys === null) {
    const wayOut = 'give --uid-map FILE, a CSV with uid and hotkey of that time'
    throw bad(key, 'names a miner by uid, which passes from miner to miner', wayOut)
  }
  const uid = uidSchema.safeParse(Number(key))
  const hotkey = uid.success ? hotkeys.get(uid.data) : undefined
  if (hotkey !== undefined) return hotkey
  throw bad(key, 'is a uid that the map does not name', 'add it to the file of --uid-map')
}

function bad(value: unknown, why: string, wayOut: string): RowProblem {
  return new RowProblem({ field, value, why, wayOut })
}
