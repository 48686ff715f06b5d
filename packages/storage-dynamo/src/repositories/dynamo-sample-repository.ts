import {
  generationSchema,
  hotkeySchema,
  sampleIdOf,
  sampleKeySchema,
  sampleScopeSchema,
  StorageError,
  type CallOptions,
  type Conversation,
  type GenerationRange,
  type Page,
  type PageParams,
  type PutSampleParams,
  type PutSampleResult,
  type RowSource,
  type Sample,
  type SampleKey,
  type SampleRepository,
  type SampleScope,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import type { ConversationContent } from '../conversations/conversation-content.ts'
import {
  ConversationStore,
  type ConversationStoreOptions,
  type PutConversationParams,
} from '../conversations/conversation-store.ts'
import { backoffDelayMs, pause } from '../requests/backoff.ts'
import { batchGet } from '../requests/batch-get.ts'
import { batchWrite } from '../requests/batch-write.ts'
import { chunkBySize } from '../requests/chunk-by-size.ts'
import { compare } from '../requests/condition.ts'
import { deleteItem } from '../requests/delete-item.ts'
import { getItem } from '../requests/get-item.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems, streamItems, type QueryItemsParams } from '../requests/query-items.ts'
import { runInParallel } from '../requests/run-in-parallel.ts'
import { sampleResultsTable as table } from '../tables/sample-results-table.ts'
import { sampleItem, sampleItemKey, samplePartition, sampleSortRange } from './sample-items.ts'
import { SamplePresence } from './sample-presence.ts'

const PAGE_SIZE = 1000
/** What one step of a batch or a removal works on: one read of 100 keys tells what is there. */
const KEYS_PER_STEP = 100
const BYTES_PER_STEP = 8 * 1024 * 1024
const CONCURRENT_REMOVALS = 16
/** A lap is lost only when a removal falls between two of its steps. */
const MAX_LAPS = 5

/** A sample that is ready to be stored. */
interface ReadySample {
  readonly sample: Sample
  readonly item: Item
  readonly content: ConversationContent
  readonly sharedPrompt: string | null
}

/**
 * Samples in DynamoDB, without transactions.
 *
 * A put is three writes: (1) the conversation, under the sample's id; (2) the sample's item, if its key is free, which
 * decides; (3) the mark of its task id. A crash after (1) leaves a conversation that nothing names; a crash after (2) a
 * sample that is not marked yet: whoever puts the same key again, with the same answer or another, finishes the mark.
 * A removal goes the other way: mark, item, conversation; the item that held a group's last mark goes at the end.
 */
export class DynamoSampleRepository implements SampleRepository {
  readonly #connection: DynamoConnection
  readonly #presence: SamplePresence
  readonly #conversations: ConversationStore

  /** `options` bound what a conversation may be and how much is remembered of dictionaries. */
  constructor(connection: DynamoConnection, options: ConversationStoreOptions = {}) {
    this.#connection = connection
    this.#presence = new SamplePresence(connection)
    this.#conversations = new ConversationStore(connection, options)
  }

  async put(params: PutSampleParams, options?: CallOptions): Promise<PutSampleResult> {
    const ready = this.#prepare(params)
    for (let lap = 1; lap <= MAX_LAPS; lap += 1) {
      if (lap > 1) await pause(backoffDelayMs(lap, ready.sample.sampleId), options?.signal)
      await this.#conversations.put(conversationOf(ready), options)
      const isStored = await this.#putItem(ready.item, options)
      const sample = isStored ? ready.sample : await this.find({ key: keyOf(ready.sample) }, options)
      if (sample === null) continue
      if (sample.sampleId !== ready.sample.sampleId) {
        await this.#conversations.remove({ conversations: [conversationOf(ready)] }, options)
      }
      await this.#presence.mark([sample], options)
      return { outcome: isStored ? 'stored' : 'present', sample }
    }
    throw contention(ready.sample)
  }

  async putBatch(
    params: Readonly<{ samples: readonly PutSampleParams[] }>,
    options?: CallOptions,
  ): Promise<Readonly<{ stored: number; present: number }>> {
    const unique = firstOfEachKey(params.samples)
    let stored = 0
    for (const some of chunkBySize(unique, () => 0, { maxCount: KEYS_PER_STEP, maxBytes: 0 })) {
      const found = await this.#findItems(
        some.map(({ sample }) => keyOf(sample)),
        options,
      )
      const isThere = (index: number): boolean => (found[index] ?? null) !== null
      await this.#presence.mark(
        some.filter((_, index) => isThere(index)).map(({ sample }) => sample),
        options,
      )
      for (const group of this.#groupsOfBytes(some.filter((_, index) => !isThere(index)))) {
        await this.#storeAll(group, options)
        stored += group.length
      }
    }
    return { stored, present: params.samples.length - stored }
  }

  async find(params: Readonly<{ key: SampleKey }>, options?: CallOptions): Promise<Sample | null> {
    const key = sampleItemKey(checkedKey(params.key, 'key'))
    const item = await getItem({ connection: this.#connection, table, key }, options)
    return item === null ? null : sampleItem.decode(item)
  }

  async findConversation(
    params: Readonly<{ key: SampleKey }>,
    options?: CallOptions,
  ): Promise<Conversation | null> {
    for (let lap = 1; lap <= 2; lap += 1) {
      const sample = await this.find(params, options)
      if (sample === null) return null
      const { sampleId, conversationSha256: contentSha256 } = sample
      const conversation = await this.#conversations.find(
        { key: keyOf(sample), sampleId, contentSha256 },
        options,
      )
      if (conversation !== null) return conversation
      // A removal may have come between the two reads: then the second lap finds no sample.
    }
    throw lostConversation(params.key)
  }

  async list(
    params: Readonly<{ scope: SampleScope } & GenerationRange & PageParams>,
    options?: CallOptions,
  ): Promise<Page<Sample>> {
    const { scope, fromGeneration, toGeneration, ...page } = params
    const query = this.#query(scope, { fromGeneration, toGeneration })
    const found = await queryItems({ ...query, ...page }, options)
    return { items: found.items.map((item) => sampleItem.decode(item)), nextCursor: found.nextCursor }
  }

  async *stream(
    params: Readonly<{ scope: SampleScope } & GenerationRange>,
    options?: CallOptions,
  ): AsyncGenerator<Sample, void, undefined> {
    const query = this.#query(params.scope, params)
    for await (const item of streamItems({ ...query, pageSize: PAGE_SIZE }, options)) {
      yield sampleItem.decode(item)
    }
  }

  async listPresentTaskIds(
    params: Readonly<{ scope: SampleScope } & GenerationRange>,
    options?: CallOptions,
  ): Promise<readonly number[]> {
    checkRange(params.scope, params)
    return this.#presence.listTaskIds(params.scope, params, options)
  }

  async listScopes(
    params: Readonly<{ minerHotkey: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<Readonly<{ scope: SampleScope; generation: number }>>> {
    checkInput(hotkeySchema, params.minerHotkey, 'minerHotkey')
    return this.#presence.listGroups(params, options)
  }

  async remove(
    params: Readonly<{ keys: RowSource<SampleKey> }>,
    options?: CallOptions,
  ): Promise<Readonly<{ removed: number }>> {
    let removed = 0
    let step = new Map<string, SampleKey>()
    for await (const key of params.keys) {
      const checked = checkedKey(key, 'key')
      step.set(textOf(checked), checked)
      if (step.size < KEYS_PER_STEP) continue
      removed += await this.#removeAll([...step.values()], options)
      step = new Map()
    }
    return { removed: removed + (await this.#removeAll([...step.values()], options)) }
  }

  #query(scope: SampleScope, range: GenerationRange): QueryItemsParams {
    checkRange(scope, range)
    const partition = samplePartition(scope)
    return { connection: this.#connection, table, partition, range: sampleSortRange(range) }
  }

  #findItems(
    keys: readonly SampleKey[],
    options: CallOptions | undefined,
  ): Promise<readonly (Item | null)[]> {
    return batchGet({ connection: this.#connection, table, keys: keys.map(sampleItemKey) }, options)
  }

  #putItem(item: Item, options: CallOptions | undefined): Promise<boolean> {
    return putItemIfAbsent({ connection: this.#connection, table, item }, options)
  }

  /** Stores what is not there, in the order of a put: all conversations, all items, all marks. */
  async #storeAll(group: readonly ReadySample[], options: CallOptions | undefined): Promise<void> {
    await this.#conversations.putBatch({ conversations: group.map(conversationOf) }, options)
    const writes = group.map(({ item }) => ({ table, put: item }))
    await batchWrite({ connection: this.#connection, writes }, options)
    await this.#presence.mark(
      group.map(({ sample }) => sample),
      options,
    )
  }

  async #removeAll(keys: readonly SampleKey[], options: CallOptions | undefined): Promise<number> {
    const items = await this.#findItems(keys, options)
    const samples = items.filter((item) => item !== null).map((item) => sampleItem.decode(item))
    const emptied = await this.#presence.clear(keys, options)
    const gone = await runInParallel(samples, CONCURRENT_REMOVALS, (sample) =>
      this.#removeItem(sample, options),
    )
    // Of all keys: a removal that died here before has left conversations whose samples are gone.
    await this.#conversations.removeAllOf({ keys }, options)
    await this.#presence.dropEmpty(emptied, options)
    return gone.filter(Boolean).length
  }

  /** False when another removal was first. */
  async #removeItem(sample: Sample, options: CallOptions | undefined): Promise<boolean> {
    const condition = compare('sampleId', '=', sample.sampleId)
    const key = sampleItemKey(sample)
    return (await deleteItem({ connection: this.#connection, table, key, condition }, options)) === 'removed'
  }

  /** Refuses bad input before anything is written. */
  #prepare(params: PutSampleParams): ReadySample {
    const content = this.#conversations.contentOf(params.conversation)
    const sample: Sample = {
      ...params.sample,
      sampleId: sampleIdOf({ key: params.sample, conversationSha256: content.sha256 }),
      conversationSha256: content.sha256,
      conversationBytes: content.bytes.byteLength,
    }
    return { sample, item: sampleItem.encode(sample), content, sharedPrompt: params.sharedPrompt }
  }

  /** Prepares samples as they are asked for, so that only one group's conversations are in memory as bytes. */
  *#groupsOfBytes(samples: readonly PutSampleParams[]): Generator<readonly ReadySample[]> {
    let group: ReadySample[] = []
    let bytes = 0
    for (const params of samples) {
      const ready = this.#prepare(params)
      group.push(ready)
      bytes += ready.content.bytes.byteLength
      if (bytes < BYTES_PER_STEP) continue
      yield group
      group = []
      bytes = 0
    }
    if (group.length > 0) yield group
  }
}

function conversationOf(ready: ReadySample): PutConversationParams {
  const { sample, content, sharedPrompt } = ready
  return { key: keyOf(sample), sampleId: sample.sampleId, content, sharedPrompt }
}

function keyOf(key: SampleKey): SampleKey {
  const { minerHotkey, modelRevision, environment, generation, taskId } = key
  return { minerHotkey, modelRevision, environment, generation, taskId }
}

/** The key alone, also of an object that carries more. */
function checkedKey(key: SampleKey, name: string): SampleKey {
  const checked = keyOf(key)
  checkInput(sampleKeySchema, checked, name)
  return checked
}

function textOf(key: SampleKey): string {
  return JSON.stringify(Object.values(keyOf(key)))
}

function firstOfEachKey(samples: readonly PutSampleParams[]): readonly PutSampleParams[] {
  const seen = new Set<string>()
  return samples.filter(({ sample }) => seen.size !== seen.add(textOf(sample)).size)
}

function checkRange(scope: SampleScope, range: GenerationRange): void {
  const { minerHotkey, modelRevision, environment } = scope
  const { fromGeneration, toGeneration } = range
  checkInput(sampleScopeSchema, { minerHotkey, modelRevision, environment }, 'scope')
  checkInput(generationSchema, fromGeneration, 'fromGeneration')
  checkInput(generationSchema, toGeneration, 'toGeneration')
  if (fromGeneration <= toGeneration) return
  throw new StorageError({
    code: 'invalid_input',
    message: `fromGeneration: ${fromGeneration} is above toGeneration ${toGeneration}`,
    details: { path: 'fromGeneration' },
  })
}

function lostConversation(key: SampleKey): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `the conversation of sample ${textOf(key)} is missing`,
    details: { key: keyOf(key) },
  })
}

function contention(sample: Sample): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `sample ${textOf(sample)} was removed ${MAX_LAPS} times while it was being stored`,
    retryable: true,
    details: { key: keyOf(sample) },
  })
}
