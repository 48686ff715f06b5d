import {
  isInputError,
  isStorageError,
  type Snapshot,
  type SnapshotKey,
  type SnapshotKind,
} from '@subnetkit/core'

import { contentId } from '../snapshot/content-id.ts'
import { newSnapshot, type NewSnapshotParams } from '../snapshot/new-snapshot.ts'
import { type DayDeps, dayKeyOf, scorableKinds, type StepOptions } from './day-steps.ts'

/** The counts that loading found; what is absent stays 0. */
export type SnapshotCounts = Partial<
  Pick<
    Snapshot,
    | 'countAddressLabels'
    | 'countAlerts'
    | 'countClusters'
    | 'countFeatures'
    | 'countMoneyFlows'
    | 'countTransfers'
  >
>

/** The end of loading: the snapshot, and whether anything had to be done. */
export interface LoadedSnapshot {
  readonly snapshot: Snapshot
  /** True when the same content was READY already and is the day's newest. */
  readonly alreadyReady: boolean
}

/** What `loadSnapshot` is told. */
export interface LoadSnapshotParams extends Omit<NewSnapshotParams, 'now'> {
  /** Loads it again although it is READY, as a copy under an id of its own: what a result was made of stays whole. */
  readonly isForced: boolean
  /** Stores all rows under the key that it is given and says how many; throws to fail the snapshot. */
  readonly load: (key: SnapshotKey) => Promise<SnapshotCounts>
}

/**
 * The life of every snapshot: LOADING, rows, READY; or FAILED with the reason and without rows. Readers see READY ones
 * only, so a crash at any point shows nothing half-loaded, and the next run loads the same key again.
 */
export async function loadSnapshot(
  deps: DayDeps,
  params: LoadSnapshotParams,
  options: StepOptions,
): Promise<LoadedSnapshot> {
  const { snapshots } = deps.repositories
  const { isForced, load, ...identity } = params
  const { signal } = options
  const known = await snapshots.find({ key: identity.key }, { signal })
  const isReady = known?.status === 'READY'
  if (isReady && !isForced) return announceReady(deps, known, options)
  const key = isReady ? await findFreeCopy(deps, identity.key, options) : identity.key
  const loading = newSnapshot({ ...identity, key, now: deps.clock.now() })
  // What a load that was cut off left behind may come from other code than ours: begin empty.
  if (known !== null) await snapshots.remove({ key }, { signal })
  await snapshots.put({ snapshot: loading }, { signal })
  try {
    const counts = await load(key)
    options.progress('hashing the inputs')
    const inputsHash = await snapshots.hashInputs({ key }, { signal })
    const snapshot: Snapshot = {
      ...loading,
      ...counts,
      status: 'READY',
      inputsHash,
      updatedAt: deps.clock.now(),
    }
    await snapshots.put({ snapshot }, { signal })
    return { snapshot, alreadyReady: false }
  } catch (error) {
    await recordFailure(deps, key, loading, error)
    throw error
  }
}

/** The first id derived from a snapshot's own that is not READY: a copy that was cut off is taken over. */
async function findFreeCopy(deps: DayDeps, key: SnapshotKey, { signal }: StepOptions): Promise<SnapshotKey> {
  for (let copy = 2; ; copy += 1) {
    const candidate = { ...key, snapshotId: contentId(['copy', key.snapshotId, copy]) }
    const known = await deps.repositories.snapshots.find({ key: candidate }, { signal })
    if (known?.status !== 'READY') return candidate
  }
}

/** A READY snapshot that is not the day's newest becomes it: the operator asked for this one last. */
async function announceReady(
  deps: DayDeps,
  known: Snapshot,
  { signal }: StepOptions,
): Promise<LoadedSnapshot> {
  const { snapshots } = deps.repositories
  const newest = await snapshots.findReady(
    { key: dayKeyOf(known), kinds: rivalKinds(known.kind) },
    { signal },
  )
  if (newest?.snapshotId === known.snapshotId) return { snapshot: known, alreadyReady: true }
  const snapshot = { ...known, updatedAt: deps.clock.now() }
  await snapshots.put({ snapshot }, { signal })
  return { snapshot, alreadyReady: false }
}

/** Published and detected snapshots stand for one thing, the inputs of a score; transfers are the inputs of detection. */
function rivalKinds(kind: SnapshotKind): readonly SnapshotKind[] {
  return kind === 'transfers' ? ['transfers'] : scorableKinds
}

/** Removes what was loaded, then leaves the reason. Done without the caller's signal: that may be what failed. */
async function recordFailure(
  deps: DayDeps,
  key: SnapshotKey,
  loading: Snapshot,
  error: unknown,
): Promise<void> {
  try {
    await deps.repositories.snapshots.remove({ key })
    await deps.repositories.snapshots.put({
      snapshot: {
        ...loading,
        status: 'FAILED',
        errorMessage: failureMessage(error),
        updatedAt: deps.clock.now(),
      },
    })
  } catch (followUp) {
    // The store itself is gone: the snapshot stays LOADING, which nobody reads, and the first error is the one to tell.
    if (!isStorageError(followUp)) throw followUp
  }
}

/** The text of a failure as it is kept in a row: at most 2,000 characters. */
export function failureMessage(error: unknown): string {
  const text = isInputError(error) || error instanceof Error ? error.message : String(error)
  return text.slice(0, 2000)
}
