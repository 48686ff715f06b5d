import type { Conversation } from '../models/conversation.ts'
import type { NewSample, Sample, SampleKey, SampleScope } from '../models/sample.ts'
import type { CallOptions } from './call-options.ts'
import type { RowSource } from './keyed-rows-repository.ts'
import type { Page, PageParams } from './page.ts'

/** A sample, what was said, and what of it every miner was told on this task. */
export type PutSampleParams = Readonly<{
  sample: NewSample
  conversation: Conversation
  /**
   * The text that all miners get for this task, or null. It is stored once and makes each conversation smaller; it
   * need not occur in the conversation.
   */
  sharedPrompt: string | null
}>

/** What a `put` did; `sample` is the one that is stored now, whoever stored it. */
export type PutSampleResult = Readonly<{ outcome: 'stored' | 'present'; sample: Sample }>

/** Which generations of a scope count; both bounds are included. */
export type GenerationRange = Readonly<{ fromGeneration: number; toGeneration: number }>

/** Answers of miners: found by model, environment and task, each stored exactly once. */
export interface SampleRepository {
  /**
   * Stores a sample if its key is free; resolves when it, its conversation and its mark in the list of present ids
   * are acknowledged. The first one wins for ever; a retry after a crash at any point finishes what was begun.
   */
  put(params: PutSampleParams, options?: CallOptions): Promise<PutSampleResult>
  /**
   * Stores many for an import, in batches. Keys that are taken are left alone; among equal keys in `samples` the first
   * wins. Not safe against another writer of the same keys: imports write generation 0, which no live sampling uses.
   * When it fails, some may be stored; the same batch again finishes it.
   *
   * @throws StorageError `invalid_input` for a sample that breaks its schema; those before it may be stored by then.
   */
  putBatch(
    params: Readonly<{ samples: readonly PutSampleParams[] }>,
    options?: CallOptions,
  ): Promise<Readonly<{ stored: number; present: number }>>
  /** Without its conversation. */
  find(params: Readonly<{ key: SampleKey }>, options?: CallOptions): Promise<Sample | null>
  /** @throws StorageError `corrupt_row` when what is stored does not have the hash that the sample names. */
  findConversation(params: Readonly<{ key: SampleKey }>, options?: CallOptions): Promise<Conversation | null>
  /** One page of a scope by generation and task id, ascending; conversations are not read. */
  list(
    params: Readonly<{ scope: SampleScope } & GenerationRange & PageParams>,
    options?: CallOptions,
  ): Promise<Page<Sample>>
  /** The same, all of it, page by page. */
  stream(
    params: Readonly<{ scope: SampleScope } & GenerationRange>,
    options?: CallOptions,
  ): AsyncIterable<Sample>
  /**
   * Task ids that have a sample in any of the generations, ascending, each once. Reads one small item per 256 ids, not
   * the samples. Never names an id without a sample; may miss one for a moment while it is being stored.
   */
  listPresentTaskIds(
    params: Readonly<{ scope: SampleScope } & GenerationRange>,
    options?: CallOptions,
  ): Promise<readonly number[]>
  /**
   * Every scope of a miner that has samples, with its generations, in the order of keys; also one whose removal died on
   * the way and may have left some.
   */
  listScopes(
    params: Readonly<{ minerHotkey: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<Readonly<{ scope: SampleScope; generation: number }>>>
  /**
   * Removes samples with their conversations and marks; those that are not there are passed over, but what a removal or
   * a writer that died has left of them goes too. Counts the samples that are gone by this call. Not for keys that
   * somebody may still be putting: such a put could end without its conversation, or with a mark and no sample.
   */
  remove(
    params: Readonly<{ keys: RowSource<SampleKey> }>,
    options?: CallOptions,
  ): Promise<Readonly<{ removed: number }>>
}
