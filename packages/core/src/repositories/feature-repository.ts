import type { SnapshotKey } from '../models/day-key.ts'
import type { Feature, FeatureColumns } from '../models/feature.ts'
import type { CallOptions } from './call-options.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** From which transfers, into which snapshot. */
export type DeriveFeaturesParams = Readonly<{ source: SnapshotKey; target: SnapshotKey }>

/** Which columns are wanted, of which addresses (all when absent). */
export type ReadFeatureColumnsParams = Readonly<{
  key: SnapshotKey
  featureNames: readonly string[]
  /** `alerts`: only addresses that have an alert in the same snapshot. */
  of?: 'all' | 'alerts'
}>

/** Features of a snapshot; natural order: address, then feature name, by code unit. */
export interface FeatureRepository extends KeyedRowsRepository<Feature, SnapshotKey> {
  /**
   * Computes the features that transfers allow, set work in the engine, and stores them under `target`. Exact or summed
   * in a fixed order: the same transfers give the same bits.
   */
  deriveFromTransfers(params: DeriveFeaturesParams, options?: CallOptions): Promise<{ readonly rows: number }>
  /** The features as columns, addresses sorted; NaN where an address lacks one. */
  readColumns(params: ReadFeatureColumnsParams, options?: CallOptions): Promise<FeatureColumns>
}
