import {
  describeError,
  isInputError,
  isStorageError,
  type CallOptions,
  type PutSampleParams,
  type SampleRepository,
} from '@subnetkit/core'

import { readLegacyResult } from './legacy-result.ts'
import { legacySignedText, type SignatureVerifier } from './legacy-signature.ts'
import type { ShardCounts } from './shard-ledger.ts'
import type { ShardName } from './shard-name.ts'
import { splitJsonArray } from './split-json-array.ts'

/** A row that could not be imported, and why. */
export interface RowFailure {
  readonly shard: string
  /** Place in the shard, from 0; null when the shard itself could not be read on. */
  readonly row: number | null
  readonly reason: string
}

/** Which rows are wanted, and how they are judged. */
export interface RowRules {
  /** Environments to take, by the names in the shards; null for all. */
  readonly environments: ReadonlySet<string> | null
  /** New names of environments; those that are not in it keep theirs. */
  readonly renamed: ReadonlyMap<string, string>
  /** Leave out rows that name no task, instead of counting them as failed. */
  readonly skipWithoutTask: boolean
  /** Checks each row's signature; null to take them on trust. */
  readonly verifySignature: SignatureVerifier | null
  /** Longest row, in bytes. */
  readonly maxRowBytes: number
}

/** How one shard is imported. */
export interface ImportShardParams {
  readonly name: ShardName
  readonly bytes: AsyncIterable<Uint8Array>
  readonly rules: RowRules
  /** Null to store nothing. */
  readonly samples: Pick<SampleRepository, 'putBatch'> | null
  /** Most samples that may be stored; null for no limit. */
  readonly maxStored: number | null
  readonly batchSize: number
  readonly onFailure: (failure: RowFailure) => void
  /** After each batch, with the counts so far. */
  readonly onBatch: (counts: ShardCounts, batch: readonly PutSampleParams[]) => Promise<void>
}

/** Rows by outcome, and whether the limit ended it early. */
export type ImportShardResult = Readonly<{ counts: ShardCounts; hitLimit: boolean }>

/**
 * Imports the rows of one shard in batches. A row that does not fit is reported and counted, the others go on; a shard
 * that is not JSON to its end is one more failure. Among rows of one batch about the same task the newest wins; what is
 * stored already stays.
 *
 * @throws StorageError when the store fails, for the caller to decide: what was stored is stored, and a repeat skips it.
 */
export async function importShard(
  params: ImportShardParams,
  options?: CallOptions,
): Promise<ImportShardResult> {
  const { name, rules, samples, maxStored, batchSize, onFailure, onBatch } = params
  const counts = { rows: 0, stored: 0, present: 0, skipped: 0, failed: 0 }
  let batch: PutSampleParams[] = []
  const remaining = (): number => (maxStored === null ? Infinity : maxStored - counts.stored)
  const fail = (row: number | null, reason: string): void => {
    counts.failed += 1
    onFailure({ shard: name.key, row, reason })
  }
  const flush = async (): Promise<void> => {
    const wanted = newestPerKey(batch)
    const repeated = batch.length - wanted.length
    batch = []
    const { stored, present } =
      samples === null || wanted.length === 0
        ? { stored: wanted.length, present: 0 }
        : await samples.putBatch({ samples: wanted }, options)
    counts.stored += stored
    counts.present += present + repeated
    await onBatch({ ...counts }, wanted)
  }
  const rows = splitJsonArray(params.bytes, { maxElementBytes: rules.maxRowBytes })
  for (;;) {
    options?.signal?.throwIfAborted()
    const next = await nextRow(rows)
    if (next.kind === 'end') break
    if (next.kind === 'broken') {
      fail(null, next.reason)
      break
    }
    const row = readRow(next.bytes, name, rules)
    if (row.kind === 'failed') fail(counts.rows, row.reason)
    else if (row.kind === 'skipped') counts.skipped += 1
    else batch.push(row.put)
    counts.rows += 1
    if (batch.length >= Math.min(batchSize, remaining())) await flush()
    if (remaining() <= 0) return { counts, hitLimit: true }
  }
  if (batch.length > 0) await flush()
  return { counts, hitLimit: remaining() <= 0 }
}

type Row =
  | Readonly<{ kind: 'wanted'; put: PutSampleParams }>
  | Readonly<{ kind: 'skipped' }>
  | Readonly<{ kind: 'failed'; reason: string }>

function readRow(bytes: Uint8Array, name: ShardName, rules: RowRules): Row {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const legacy = readLegacyResult(JSON.parse(text), name)
    if (legacy === null) {
      return rules.skipWithoutTask ? { kind: 'skipped' } : failed('names no task (task_id is missing)')
    }
    const { put, isNested } = legacy
    if (rules.environments !== null && !rules.environments.has(put.sample.environment))
      return { kind: 'skipped' }
    if (rules.verifySignature !== null && !isNested && !isSigned(text, put, rules.verifySignature)) {
      return failed(`the signature is not that of ${put.sample.validatorHotkey}`)
    }
    return { kind: 'wanted', put: renamed(put, rules) }
  } catch (error) {
    const isTheirs = isInputError(error) || isStorageError(error, 'corrupt_row')
    if (isTheirs || error instanceof SyntaxError || error instanceof TypeError) {
      return failed(describeError(error).message)
    }
    throw error
  }
}

/** After the signature was checked, which is over the old name. */
function renamed(put: PutSampleParams, rules: RowRules): PutSampleParams {
  const environment = rules.renamed.get(put.sample.environment)
  return environment === undefined ? put : { ...put, sample: { ...put.sample, environment } }
}

function failed(reason: string): Row {
  return { kind: 'failed', reason }
}

function isSigned(text: string, { sample }: PutSampleParams, verify: SignatureVerifier): boolean {
  const message = legacySignedText(text)
  if (message === null || sample.signature === null) return false
  return verify({ hotkey: sample.validatorHotkey, message, signatureHex: sample.signature })
}

type NextRow =
  | Readonly<{ kind: 'row'; bytes: Uint8Array }>
  | Readonly<{ kind: 'end' }>
  | Readonly<{ kind: 'broken'; reason: string }>

/** A shard that is broken in its form ends there; one that cannot be fetched is the caller's to try again. */
async function nextRow(rows: AsyncGenerator<Uint8Array, void, undefined>): Promise<NextRow> {
  try {
    const next = await rows.next()
    return next.done === true ? { kind: 'end' } : { kind: 'row', bytes: next.value }
  } catch (error) {
    if (!isStorageError(error, 'corrupt_row') && !isStorageError(error, 'resource_exhausted')) throw error
    return { kind: 'broken', reason: error.message }
  }
}

function newestPerKey(batch: readonly PutSampleParams[]): readonly PutSampleParams[] {
  const newest = new Map<string, PutSampleParams>()
  for (const put of batch) {
    const { minerHotkey, modelRevision, environment, taskId, takenAt } = put.sample
    const key = JSON.stringify([minerHotkey, modelRevision, environment, taskId])
    const other = newest.get(key)
    if (other === undefined || other.sample.takenAt < takenAt) newest.set(key, put)
  }
  return [...newest.values()]
}
