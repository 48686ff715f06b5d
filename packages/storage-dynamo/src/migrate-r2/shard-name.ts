/** What the name of a shard says: results of one validator in one window of blocks. */
export interface ShardName {
  /** The object's whole key. */
  readonly key: string
  /** First block of the window; windows are 20 blocks long in the earlier system. */
  readonly window: number
  readonly validatorHotkey: string
}

const SHARD = /(?:^|\/)(\d{9,12})-([A-Za-z0-9]{1,64})\.json$/

/** Reads `…/results/<window, 9 digits>-<validator hotkey>.json`, or null for any other object, such as the index. */
export function parseShardName(key: string): ShardName | null {
  const match = SHARD.exec(key)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { key, window: Number(match[1]), validatorHotkey: match[2] }
}

/** Newest window first; within a window by key, so that every run takes the same order. */
export function compareShards(left: ShardName, right: ShardName): number {
  if (left.window !== right.window) return right.window - left.window
  return left.key < right.key ? -1 : Number(left.key > right.key)
}
