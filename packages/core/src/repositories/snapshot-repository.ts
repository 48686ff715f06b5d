import type { DayKey, SnapshotKey } from '../models/day-key.ts'
import type { Snapshot, SnapshotKind } from '../models/snapshot.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Which day, and of which kinds (all when absent). */
export type FindReadySnapshotParams = Readonly<{ key: DayKey; kinds?: readonly SnapshotKind[] }>

/** Versions of a day's inputs. A state change is a newer version of the row; the newest wins. */
export interface SnapshotRepository {
  /** Stores the state of a snapshot; the same snapshot id again replaces. Visible when it resolves. */
  put(params: Readonly<{ snapshot: Snapshot }>, options?: CallOptions): Promise<void>
  /** The snapshot whatever its status, or null. */
  find(params: Readonly<{ key: SnapshotKey }>, options?: CallOptions): Promise<Snapshot | null>
  /** The snapshot of the day that became READY last, or null: the inputs that a score works on. */
  findReady(params: FindReadySnapshotParams, options?: CallOptions): Promise<Snapshot | null>
  /** All snapshots of a network, newest date first, then window ascending, then last change first. */
  list(params: Readonly<{ network: string } & PageParams>, options?: CallOptions): Promise<Page<Snapshot>>
  /**
   * The SHA-256 of all alerts, features, clusters, money flows, labels and transfers of the snapshot, whatever their
   * order: two loads of the same rows in another order or file format have the same hash.
   */
  hashInputs(params: Readonly<{ key: SnapshotKey }>, options?: CallOptions): Promise<string>
  /** Removes the snapshot and every row under it; rows first, so that a crash between leaves a removable snapshot. */
  remove(params: Readonly<{ key: SnapshotKey }>, options?: CallOptions): Promise<void>
}
