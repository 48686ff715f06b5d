import { StorageError, type CallOptions } from '@subnetkit/core'

import { availableCompressions, compressionOf, type Compression, type CompressionTag } from './compression.ts'
import { corruptConversation, MAX_CONVERSATION_BYTES, sha256Of } from './conversation-content.ts'
import type { ConversationContent } from './conversation-content.ts'
import { joinDictionaries, type Dictionary } from './dictionary.ts'

/** A conversation as it is stored: packed, and all that is needed to get exactly it back. */
export interface ConversationPayload {
  readonly compression: CompressionTag
  /** Length of the content in bytes, before packing. */
  readonly contentBytes: number
  /** SHA-256 of the content, lower-case hex. */
  readonly contentSha256: string
  /** The dictionaries that it was packed with, joined in this order; mostly none to two. */
  readonly dictionaryIds: readonly string[]
  readonly bytes: Uint8Array
}

/** What a writer may pack with. */
export interface PackConversationParams {
  readonly content: ConversationContent
  /** General first, the task's prompt last: what is nearest to the conversation is found in the smallest window. */
  readonly dictionaries: readonly Dictionary[]
}

/**
 * Packs a conversation the way that makes it smallest among those that this Node has and that are fast enough. The same
 * content and dictionaries give the same bytes under one version of Node.
 */
export async function packConversation(params: PackConversationParams): Promise<ConversationPayload> {
  const { content, dictionaries } = params
  const all = await availableCompressions()
  const candidates = await Promise.all(
    candidatesOf(all, content.bytes.byteLength, dictionaries.length > 0).map(async (compression) =>
      packWith(compression, content, dictionaries),
    ),
  )
  const smallest = candidates.toSorted((a, b) => a.bytes.byteLength - b.bytes.byteLength)[0]
  const plain = payloadOf('raw', content, [], content.bytes)
  return smallest === undefined || smallest.bytes.byteLength >= plain.bytes.byteLength ? plain : smallest
}

/** Where the window has slid past the dictionary for most of the text, so that a better packer without one is tried too. */
const LONG_CONTENT_BYTES = 64 * 1024

/** Chosen by measurement; `bench/README.md` has the numbers. */
function candidatesOf(
  all: readonly Compression[],
  contentBytes: number,
  hasDictionary: boolean,
): readonly Compression[] {
  const tags = new Map(all.map((one) => [one.tag, one]))
  const zstd = tags.get('zstd')
  const wanted = zstd === undefined ? [tags.get(hasDictionary ? 'deflate-raw' : 'gzip')] : [zstd]
  if (zstd === undefined && contentBytes >= LONG_CONTENT_BYTES) wanted.push(tags.get('brotli'))
  return wanted.filter((one) => one !== undefined)
}

async function packWith(
  compression: Compression,
  content: ConversationContent,
  dictionaries: readonly Dictionary[],
): Promise<ConversationPayload> {
  const used = compression.windowBytes === 0 ? [] : dictionaries
  const dictionary = joinDictionaries(used, compression.windowBytes)
  const ids = used.map(({ id }) => id)
  return payloadOf(compression.tag, content, ids, await compression.pack(content.bytes, dictionary))
}

function payloadOf(
  compression: CompressionTag,
  content: ConversationContent,
  dictionaryIds: readonly string[],
  bytes: Uint8Array,
): ConversationPayload {
  const { sha256: contentSha256 } = content
  return { compression, contentBytes: content.bytes.byteLength, contentSha256, dictionaryIds, bytes }
}

/** What a reader unpacks with. */
export interface UnpackConversationParams {
  readonly payload: ConversationPayload
  /** Finds a dictionary by its id; throws when it is missing. Only asked for what the payload names. */
  readonly getDictionary: (id: string, options?: CallOptions) => Promise<Dictionary>
  /** A payload that says it is larger is refused, and no more than it says is ever unpacked. @default 64 MiB */
  readonly maxContentBytes?: number
}

/**
 * Gets the content back and checks its length and hash.
 *
 * @throws StorageError `corrupt_row` when it is not what was stored, or says that it is larger than the limit.
 * @throws StorageError `bad_query` when this version of Node cannot read it.
 */
export async function unpackConversation(
  params: UnpackConversationParams,
  options?: CallOptions,
): Promise<Uint8Array> {
  const { payload, getDictionary, maxContentBytes = MAX_CONVERSATION_BYTES } = params
  const { contentBytes } = payload
  if (contentBytes > maxContentBytes) throw corruptConversation(tooMuch(contentBytes, maxContentBytes))
  const compression = await compressionOf(payload.compression)
  const dictionaries = await Promise.all(payload.dictionaryIds.map(async (id) => getDictionary(id, options)))
  const dictionary = joinDictionaries(dictionaries, compression.windowBytes)
  const content = await unpackWith(compression, payload, dictionary)
  if (content.byteLength !== contentBytes) throw corruptConversation('has another length than it says')
  if (sha256Of(content) !== payload.contentSha256) throw corruptConversation('has another hash than it says')
  return content
}

async function unpackWith(
  compression: Compression,
  payload: ConversationPayload,
  dictionary: Uint8Array,
): Promise<Uint8Array> {
  try {
    return await compression.unpack(payload.bytes, dictionary, payload.contentBytes)
  } catch (error) {
    throw new StorageError({
      code: 'corrupt_row',
      message: `conversation payload cannot be unpacked (${compression.tag}), or holds more than the ${payload.contentBytes} bytes that it says`,
      cause: error,
      details: { compression: compression.tag, contentBytes: payload.contentBytes },
    })
  }
}

function tooMuch(bytes: number, maxBytes: number): string {
  return `says it holds ${bytes} bytes, more than the ${maxBytes} that are read; raise maxConversationBytes if that is right`
}
