import { promisify } from 'node:util'
import { gunzip, gzip, type InputType, type ZlibOptions } from 'node:zlib'

import { StorageError, type CallOptions } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { getItem } from '../requests/get-item.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { conversationDictionariesTable as table } from '../tables/conversation-dictionaries-table.ts'
import { blobHeadOf, getBlob, putParts, type PartsPlace } from './blob-parts.ts'
import { createDictionary, type Dictionary } from './dictionary.ts'
import { DictionaryCache } from './dictionary-cache.ts'
import {
  DICTIONARY_HEAD,
  dictionaryHeadItem,
  dictionaryPartition,
  generalDictionaryItem,
  generalPartition,
  type GeneralDictionary,
} from './dictionary-items.ts'

const pack = promisify<InputType, ZlibOptions, Buffer>(gzip)
const unpack = promisify<InputType, ZlibOptions, Buffer>(gunzip)

/** How many conversations are packed with a general dictionary before its environment is asked for a newer one. */
const USES_BEFORE_LOOK = 1_000
const MAX_ENVIRONMENTS = 1_000

/** What a process remembers. */
export interface ConversationDictionariesOptions {
  /** Bytes of dictionaries kept in memory. @default 32 MiB */
  readonly cacheBytes?: number
}

const DEFAULTS = { cacheBytes: 32 * 1024 * 1024 } as const satisfies ConversationDictionariesOptions

interface KnownGeneral {
  readonly dictionary: Dictionary | null
  uses: number
}

/**
 * Dictionaries by their id, and the general one of each environment. A put is: parts, then the head if absent; what
 * is known to be stored is not written again. Safe from any number of processes; a crash leaves parts that the next
 * put of the same dictionary completes.
 */
export class ConversationDictionaries {
  readonly #connection: DynamoConnection
  readonly #cache: DictionaryCache
  readonly #generals = new Map<string, KnownGeneral>()

  constructor(connection: DynamoConnection, options: ConversationDictionariesOptions = {}) {
    this.#connection = connection
    this.#cache = new DictionaryCache(options.cacheBytes ?? DEFAULTS.cacheBytes)
  }

  /** Stores a dictionary, if it is not known to be stored; resolves when it is acknowledged, parts and all. */
  async put(dictionary: Dictionary, options?: CallOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    await this.#cache.get(dictionary.id, async () => {
      await this.#store(dictionary)
      return dictionary
    })
  }

  /** @throws StorageError `corrupt_row` naming the dictionary when it is missing or changed. */
  async get(id: string, options?: CallOptions): Promise<Dictionary> {
    options?.signal?.throwIfAborted()
    return this.#cache.get(id, async () => this.#load(id))
  }

  /**
   * What an environment's conversations are packed with, or null. A process asks the store once in a while, so it may
   * lag behind a learning elsewhere: that costs bytes, nothing else.
   */
  async findGeneral(
    params: Readonly<{ environment: string }>,
    options?: CallOptions,
  ): Promise<Dictionary | null> {
    const { environment } = params
    const known = this.#generals.get(environment)
    if (known !== undefined && known.uses < USES_BEFORE_LOOK) {
      known.uses += 1
      return known.dictionary
    }
    return this.refreshGeneral(params, options)
  }

  /** As `findGeneral`, asking the store now. */
  async refreshGeneral(
    params: Readonly<{ environment: string }>,
    options?: CallOptions,
  ): Promise<Dictionary | null> {
    const { environment } = params
    const newest = await this.#findNewest(environment, options)
    const dictionary = newest === null ? null : await this.get(newest.dictionaryId, options)
    this.#remember(environment, dictionary)
    return dictionary
  }

  /** Makes a dictionary the general one of an environment from now on; those before it stay readable. */
  async putGeneral(
    params: Readonly<{ environment: string; dictionary: Dictionary }>,
    options?: CallOptions,
  ): Promise<void> {
    const { environment, dictionary } = params
    await this.put(dictionary, options)
    const newest = await this.#findNewest(environment, options)
    if (newest?.dictionaryId !== dictionary.id) {
      const version = (newest?.version ?? 0) + 1
      const item = generalDictionaryItem.encode({ environment, version, dictionaryId: dictionary.id })
      if (!(await putItemIfAbsent({ connection: this.#connection, table, item }, options))) {
        // Another process learnt at the same moment. One of the two is as good as the other.
        this.#generals.delete(environment)
        return
      }
    }
    this.#remember(environment, dictionary)
  }

  #remember(environment: string, dictionary: Dictionary | null): void {
    if (this.#generals.size >= MAX_ENVIRONMENTS) this.#generals.clear()
    this.#generals.set(environment, { dictionary, uses: 0 })
  }

  async #findNewest(
    environment: string,
    options: CallOptions | undefined,
  ): Promise<GeneralDictionary | null> {
    const page = await queryItems(
      {
        connection: this.#connection,
        table,
        partition: generalPartition.build({ environment }),
        order: 'descending',
        limit: 1,
      },
      options,
    )
    return page.items[0] === undefined ? null : generalDictionaryItem.decode(page.items[0])
  }

  #place(dictionaryId: string): PartsPlace {
    const partition = dictionaryPartition.build({ dictionaryId })
    return { connection: this.#connection, table, partition, prefix: '' }
  }

  async #store(dictionary: Dictionary): Promise<void> {
    const bytes = await pack(dictionary.bytes, { level: 9 })
    const head = blobHeadOf(bytes)
    await putParts({ place: this.#place(dictionary.id), head, bytes })
    const item = dictionaryHeadItem.encode({
      dictionaryId: dictionary.id,
      contentBytes: dictionary.bytes.byteLength,
      ...head,
    })
    await putItemIfAbsent({ connection: this.#connection, table, item })
  }

  async #load(id: string): Promise<Dictionary> {
    const place = this.#place(id)
    const key = { pk: place.partition, sk: DICTIONARY_HEAD }
    const item = await getItem({ connection: this.#connection, table, key })
    if (item === null) throw corruptDictionary(id, 'is missing')
    const head = dictionaryHeadItem.decode(item)
    const packed = await getBlob({ place, head })
    const dictionary = createDictionary(await unpackDictionary(id, packed, head.contentBytes))
    if (dictionary.id !== id) throw corruptDictionary(id, 'has another content than its id says')
    return dictionary
  }
}

async function unpackDictionary(id: string, packed: Uint8Array, bytes: number): Promise<Uint8Array> {
  try {
    return await unpack(packed, { maxOutputLength: bytes })
  } catch (error) {
    throw corruptDictionary(id, 'cannot be unpacked', error)
  }
}

function corruptDictionary(id: string, problem: string, cause?: unknown): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `conversation dictionary ${id} ${problem}; what was packed with it cannot be read`,
    ...(cause === undefined ? {} : { cause }),
    details: { dictionaryId: id },
  })
}
