import { hotkeySchema, InputError } from '@subnetkit/core'

/** Miners as columns: entry i of each is the same miner. Made by {@link minerColumns}, once per registration change. */
export interface MinerColumns {
  readonly size: number
  readonly uids: Uint32Array
  readonly hotkeys: readonly string[]
  /** Null when not known: such a miner is in no cluster. */
  readonly coldkeys: readonly (string | null)[]
  /** Miners that share the coldkey, this one included; 1 when it is not known. */
  readonly clusterSizes: Uint32Array
}

/** One miner, as {@link minerColumns} takes it. */
export interface ListedMiner {
  readonly uid: number
  readonly hotkey: string
  readonly coldkey: string | null
}

const MAX_UID = 0xffff_ffff

/**
 * Checks miners and lays them out as columns. Checking names costs more than computing weights, so it happens here and
 * not in every cycle. @throws InputError naming a uid or hotkey that is malformed or comes twice.
 */
export function minerColumns(miners: readonly ListedMiner[]): MinerColumns {
  const uids = new Uint32Array(miners.length)
  const seenUids = new Map<number, string>()
  const seenHotkeys = new Map<string, number>()
  const byColdkey = new Map<string, number>()
  for (const [index, { uid, hotkey, coldkey }] of miners.entries()) {
    checkMiner(uid, hotkey)
    const holder = seenUids.get(uid)
    if (holder !== undefined) throw twice(`uid of ${hotkey}`, uid, `belongs to ${holder} already`)
    const otherUid = seenHotkeys.get(hotkey)
    if (otherUid !== undefined)
      throw twice(`hotkey of uid ${uid}`, hotkey, `stands at uid ${otherUid} already`)
    seenUids.set(uid, hotkey)
    seenHotkeys.set(hotkey, uid)
    uids[index] = uid
    if (coldkey !== null) byColdkey.set(coldkey, (byColdkey.get(coldkey) ?? 0) + 1)
  }
  const coldkeys = miners.map(({ coldkey }) => coldkey)
  return {
    size: miners.length,
    uids,
    hotkeys: miners.map(({ hotkey }) => hotkey),
    coldkeys,
    clusterSizes: Uint32Array.from(coldkeys, (coldkey) =>
      coldkey === null ? 1 : (byColdkey.get(coldkey) ?? 1),
    ),
  }
}

function checkMiner(uid: number, hotkey: string): void {
  if (!Number.isInteger(uid) || uid < 0 || uid > MAX_UID) {
    throw new InputError({
      field: `uid of ${hotkey}`,
      value: uid,
      problem: 'is not a uid',
      hint: `give a whole number from 0 to ${MAX_UID}`,
    })
  }
  if (!hotkeySchema.safeParse(hotkey).success) {
    throw new InputError({
      field: `hotkey of uid ${uid}`,
      value: hotkey,
      problem: 'is not a hotkey',
      hint: 'give 1–64 letters or digits',
    })
  }
}

function twice(field: string, value: string | number, problem: string): InputError {
  return new InputError({ field, value, problem, hint: 'list each miner once' })
}
