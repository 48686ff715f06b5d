import type { ImageType } from '../models/image-type.ts'
import type { MinerDatabaseName } from '../models/miner-database.ts'
import type { JudgedPattern, JudgedScore, PlantedOutcome } from '../models/miner-output.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** Whose database, and which run in it. */
export interface MinerOutputKey {
  readonly minerDatabase: MinerDatabaseName
  readonly runId: string
}

/** What miners reported, with verdicts, in each miner's own database; a run's rows never mix with another's. */
export interface MinerOutputRepository {
  /** Creates a miner's database and its tables; harmless when repeated. Returns the migrations that were applied. */
  prepare(
    params: Readonly<{ minerDatabase: MinerDatabaseName; imageType: ImageType; now: Date }>,
    options?: CallOptions,
  ): Promise<readonly string[]>
  /** Drops a miner's database with all that is in it; harmless when it is not there. */
  drop(params: Readonly<{ minerDatabase: MinerDatabaseName }>, options?: CallOptions): Promise<void>
  /** Removes all rows of a run, so that trying it again leaves nothing of the time before. */
  clear(params: MinerOutputKey & Readonly<{ imageType: ImageType }>, options?: CallOptions): Promise<void>
  putPatterns(
    params: Readonly<{ minerDatabase: MinerDatabaseName }> &
      Readonly<{ rows: Iterable<JudgedPattern> | AsyncIterable<JudgedPattern> }>,
    options?: CallOptions,
  ): Promise<Readonly<{ rows: number }>>
  putPlanted(
    params: Readonly<{ minerDatabase: MinerDatabaseName }> &
      Readonly<{ rows: Iterable<PlantedOutcome> | AsyncIterable<PlantedOutcome> }>,
    options?: CallOptions,
  ): Promise<Readonly<{ rows: number }>>
  putScores(
    params: Readonly<{ minerDatabase: MinerDatabaseName }> &
      Readonly<{ rows: Iterable<JudgedScore> | AsyncIterable<JudgedScore> }>,
    options?: CallOptions,
  ): Promise<Readonly<{ rows: number }>>
  /** By row number. */
  listPatterns(params: MinerOutputKey & PageParams, options?: CallOptions): Promise<Page<JudgedPattern>>
  /** By name of the planted pattern. */
  listPlanted(params: MinerOutputKey & PageParams, options?: CallOptions): Promise<Page<PlantedOutcome>>
  /** By row number. */
  listScores(params: MinerOutputKey & PageParams, options?: CallOptions): Promise<Page<JudgedScore>>
}
