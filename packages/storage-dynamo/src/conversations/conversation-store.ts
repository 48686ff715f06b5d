import { StorageError, type CallOptions, type Conversation, type SampleKey } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { batchWrite, type BatchWrite } from '../requests/batch-write.ts'
import { chunkBySize } from '../requests/chunk-by-size.ts'
import { getItem } from '../requests/get-item.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { sampleConversationsTable as table } from '../tables/sample-conversations-table.ts'
import { blobHeadOf, getBlob, putParts, removeItems, removeParts, type PartsPlace } from './blob-parts.ts'
import {
  fromConversationContent,
  MAX_CONVERSATION_BYTES,
  toConversationContent,
  type ConversationContent,
} from './conversation-content.ts'
import { ConversationDictionaries } from './conversation-dictionaries.ts'
import {
  conversationHeadItem,
  conversationHeadKey,
  conversationPlace,
  conversationsPlace,
  type ConversationHead,
  type ConversationKey,
} from './conversation-items.ts'
import { DictionaryLearner } from './dictionary-learner.ts'
import { packConversation, unpackConversation, type ConversationPayload } from './conversation-payload.ts'
import { promptDictionary } from './dictionary.ts'
import { inWaves } from './in-waves.ts'

/** Limits of a {@link ConversationStore}. */
export interface ConversationStoreOptions {
  /** Largest conversation that is written or read, in bytes of canonical JSON. @default 64 MiB */
  readonly maxConversationBytes?: number
  /** Bytes of dictionaries kept in memory. @default 32 MiB */
  readonly dictionaryCacheBytes?: number
  /**
   * How many conversations of an environment without a general dictionary are stored before one is learnt from them;
   * null: never, call `dictionaries.putGeneral` yourself. Learning takes about 0.3 s, once. @default 128
   */
  readonly learnAfter?: number | null
}

const LEARN_AFTER = 128

/** One conversation to store. */
export interface PutConversationParams extends ConversationKey {
  /** From {@link ConversationStore.contentOf}: the sample's id is made of its hash, so the caller has it already. */
  readonly content: ConversationContent
  /** The text that all miners get for the task, or null; stored once, it makes each conversation smaller. */
  readonly sharedPrompt: string | null
}

/** Which conversation, and the hash that its sample names. */
export interface FindConversationParams extends ConversationKey {
  readonly contentSha256: string
}

const CONCURRENT_PACKS = 4
const CONCURRENT_REMOVALS = 16
/** Conversations of a batch that are packed and sent before the next ones are looked at. */
const BATCH_COUNT = 200
const BATCH_BYTES = 16 * 1024 * 1024

/**
 * Conversations by sample. A put is: dictionary, parts, head; what has no head is not there, so a crash at any point
 * shows nothing half, and the same put again finishes it. The first head stays for ever.
 */
export class ConversationStore {
  readonly dictionaries: ConversationDictionaries
  readonly #connection: DynamoConnection
  readonly #maxBytes: number
  readonly #learner: DictionaryLearner | null

  constructor(connection: DynamoConnection, options: ConversationStoreOptions = {}) {
    const {
      maxConversationBytes = MAX_CONVERSATION_BYTES,
      dictionaryCacheBytes,
      learnAfter = LEARN_AFTER,
    } = options
    this.#connection = connection
    this.#maxBytes = maxConversationBytes
    this.dictionaries = new ConversationDictionaries(
      connection,
      dictionaryCacheBytes === undefined ? {} : { cacheBytes: dictionaryCacheBytes },
    )
    this.#learner = learnAfter === null ? null : new DictionaryLearner(this.dictionaries, learnAfter)
  }

  /** The bytes and the hash of a conversation, within the store's limit. @throws StorageError `invalid_input`. */
  contentOf(conversation: Conversation): ConversationContent {
    return toConversationContent(conversation, this.#maxBytes)
  }

  /**
   * Stores a conversation unless it is there; resolves when all of it is acknowledged.
   *
   * @throws StorageError `conflict` when another content has this sample's id: the id was not made of the content.
   */
  async put(params: PutConversationParams, options?: CallOptions): Promise<'stored' | 'present'> {
    const { head, bytes } = await this.#pack(params, options)
    const place = this.#place(params)
    // Large ones are looked for first: that read costs far less than writing their parts in vain.
    if (head.parts > 0 && (await this.#isPresent(params, options))) return 'present'
    await putParts({ place, head, bytes }, options)
    const item = conversationHeadItem.encode(head)
    if (await putItemIfAbsent({ connection: this.#connection, table, item }, options)) return 'stored'
    if (await this.#isPresent(params, options)) return 'present'
    throw conflict(params, 'was removed while it was being stored; store it again')
  }

  /**
   * Stores many for an import, in batches of bounded memory. One that is there is written again with the same content.
   * Among equal keys the first one wins.
   */
  async putBatch(
    params: Readonly<{ conversations: readonly PutConversationParams[] }>,
    options?: CallOptions,
  ): Promise<void> {
    const unique = new Map(params.conversations.map((one) => [textOf(one), one] as const).reverse())
    const conversations = [...unique.values()].reverse()
    const limits = { maxCount: BATCH_COUNT, maxBytes: BATCH_BYTES }
    for (const batch of chunkBySize(conversations, ({ content }) => content.bytes.byteLength, limits)) {
      options?.signal?.throwIfAborted()
      const packed = await inWaves(batch, CONCURRENT_PACKS, async (one) => this.#pack(one, options))
      for (const { head, bytes } of packed) {
        await putParts({ place: this.#place(head), head, bytes }, options)
      }
      const writes: BatchWrite[] = packed.map(({ head }) => ({
        table,
        put: conversationHeadItem.encode(head),
      }))
      await batchWrite({ connection: this.#connection, writes }, options)
    }
  }

  /**
   * The conversation of a sample, or null when there is none.
   *
   * @throws StorageError `corrupt_row` when it cannot be unpacked or does not have the hash that the sample names.
   * @throws StorageError `bad_query` when a newer Node packed it in a way that this one cannot read.
   */
  async find(params: FindConversationParams, options?: CallOptions): Promise<Conversation | null> {
    const head = await this.#findHead(params, options)
    if (head === null) return null
    if (head.contentSha256 !== params.contentSha256) throw otherContent(params, head)
    const bytes = await getBlob({ place: this.#place(params), head }, options)
    const payload: ConversationPayload = { ...head, bytes }
    const content = await unpackConversation(
      {
        payload,
        maxContentBytes: this.#maxBytes,
        getDictionary: async (id) => this.dictionaries.get(id, options),
      },
      options,
    )
    return fromConversationContent(content)
  }

  /** Removes conversations, heads first, with what unfinished writes left of them; absent ones are passed over. */
  async remove(
    params: Readonly<{ conversations: readonly ConversationKey[] }>,
    options?: CallOptions,
  ): Promise<void> {
    const unique = [...new Map(params.conversations.map((one) => [textOf(one), one])).values()]
    const writes = unique.map((one) => ({ table, remove: conversationHeadKey(one) }))
    await batchWrite({ connection: this.#connection, writes }, options)
    await inWaves(unique, CONCURRENT_REMOVALS, async (one) => removeParts(this.#place(one), options))
  }

  /**
   * Removes whatever is stored for the keys of samples, under any sample id: also what is left of writers that lost a
   * race or died. Not while somebody stores a sample under one of the keys.
   */
  async removeAllOf(params: Readonly<{ keys: readonly SampleKey[] }>, options?: CallOptions): Promise<void> {
    await inWaves(params.keys, CONCURRENT_REMOVALS, async (key) =>
      removeItems({ connection: this.#connection, table, ...conversationsPlace(key) }, options),
    )
  }

  async #pack(
    params: PutConversationParams,
    options: CallOptions | undefined,
  ): Promise<{ head: ConversationHead; bytes: Uint8Array }> {
    const { key, sampleId, content, sharedPrompt } = params
    const general = await this.dictionaries.findGeneral({ environment: key.environment }, options)
    const prompt = sharedPrompt === null ? null : promptDictionary(sharedPrompt)
    const { bytes, ...payload } = await packConversation({ content, general, prompt })
    // The general one was read from the store, so it is there.
    if (prompt !== null && payload.dictionaryIds.includes(prompt.id)) {
      await this.dictionaries.put(prompt, options)
    }
    if (general === null) {
      await this.#learner?.note({ environment: key.environment, content: content.bytes, prompt }, options)
    }
    return { head: { key, sampleId, ...payload, ...blobHeadOf(bytes) }, bytes }
  }

  #place(conversation: ConversationKey): PartsPlace {
    return { connection: this.#connection, table, ...conversationPlace(conversation) }
  }

  async #findHead(
    conversation: ConversationKey,
    options: CallOptions | undefined,
  ): Promise<ConversationHead | null> {
    const key = conversationHeadKey(conversation)
    const item = await getItem({ connection: this.#connection, table, key }, options)
    return item === null ? null : conversationHeadItem.decode(item)
  }

  async #isPresent(params: PutConversationParams, options: CallOptions | undefined): Promise<boolean> {
    const head = await this.#findHead(params, options)
    if (head !== null && head.contentSha256 !== params.content.sha256) {
      throw conflict(params, 'has another content; its id must be made of the content')
    }
    return head !== null
  }
}

function textOf(conversation: ConversationKey): string {
  const { pk, sk } = conversationHeadKey(conversation)
  return `${pk}\n${sk}`
}

function conflict({ sampleId }: ConversationKey, problem: string): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `conversation of sample ${sampleId} ${problem}`,
    details: { sampleId },
  })
}

function otherContent(
  { sampleId, contentSha256 }: FindConversationParams,
  head: ConversationHead,
): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `conversation of sample ${sampleId} has the hash ${head.contentSha256}, not ${contentSha256} as its sample says`,
    details: { sampleId },
  })
}
