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
  /** How many bytes from their end were used: a writer's choice, which a reader repeats. */
  readonly dictionaryBytes: number
  readonly bytes: Uint8Array
}

/** What a writer may pack with. */
export interface PackConversationParams {
  readonly content: ConversationContent
  /** Learnt from the environment's conversations, or null. */
  readonly general: Dictionary | null
  /** What all miners were told on the task, or null; see `promptDictionary`. */
  readonly prompt: Dictionary | null
}

/**
 * Packs a conversation the way that makes it smallest among those that this Node has and that are fast enough. The same
 * content and dictionaries give the same bytes under one version of Node.
 */
export async function packConversation(params: PackConversationParams): Promise<ConversationPayload> {
  const { content } = params
  const all = await availableCompressions()
  const candidates = await Promise.all(
    candidatesOf(all, params).map(async (compression) => packWith(compression, params)),
  )
  const raw: ConversationPayload = { ...describe(content), compression: 'raw', bytes: content.bytes }
  return candidates.reduce((best, next) => (next.bytes.byteLength < best.bytes.byteLength ? next : best), raw)
}

/** From here on a window of 32 KiB has slid past the dictionary for nearly all of the text: brotli is tried too. */
const LONG_CONTENT_BYTES = 256 * 1024

/** The numbers behind these choices are in `bench/README.md`. */
function candidatesOf(
  all: readonly Compression[],
  { content, general, prompt }: PackConversationParams,
): readonly Compression[] {
  const find = (tag: CompressionTag): Compression | undefined => all.find((one) => one.tag === tag)
  const zstd = find('zstd')
  if (zstd !== undefined) return [zstd]
  const isPlain = general === null && prompt === null
  const isLong = content.bytes.byteLength >= LONG_CONTENT_BYTES
  return [find(isPlain ? 'gzip' : 'deflate-raw'), isLong ? find('brotli') : undefined].filter(
    (one) => one !== undefined,
  )
}

async function packWith(
  compression: Compression,
  params: PackConversationParams,
): Promise<ConversationPayload> {
  const { content } = params
  const { dictionaries, dictionaryBytes } = dictionariesFor(compression, params)
  const dictionary = joinDictionaries(dictionaries, dictionaryBytes)
  const bytes = await compression.pack(content.bytes, dictionary)
  const dictionaryIds = dictionaries.map(({ id }) => id)
  return { ...describe(content), compression: compression.tag, dictionaryIds, dictionaryBytes, bytes }
}

/** Most of a general dictionary that is used: each packing reads it anew, which costs more time than more of it saves. */
const MAX_GENERAL_BYTES = 64 * 1024
const MIN_GENERAL_BYTES = 24 * 1024
/** A short conversation is packed with a short end of the general dictionary, for the same reason. */
const GENERAL_PER_CONTENT = 4

/** The prompt stands last, nearest to the conversation; the general dictionary fills what the window leaves. */
function dictionariesFor(
  { windowBytes }: Compression,
  { content, general, prompt }: PackConversationParams,
): { dictionaries: readonly Dictionary[]; dictionaryBytes: number } {
  if (windowBytes === 0) return { dictionaries: [], dictionaryBytes: 0 }
  const promptBytes = Math.min(prompt?.bytes.byteLength ?? 0, windowBytes)
  const wanted = Math.max(
    MIN_GENERAL_BYTES,
    Math.min(MAX_GENERAL_BYTES, GENERAL_PER_CONTENT * content.bytes.byteLength),
  )
  const generalBytes = Math.min(wanted, general?.bytes.byteLength ?? 0, windowBytes - promptBytes)
  const dictionaries = [generalBytes > 0 ? general : null, prompt].filter((one) => one !== null)
  return { dictionaries, dictionaryBytes: generalBytes + promptBytes }
}

function describe({
  bytes,
  sha256,
}: ConversationContent): Omit<ConversationPayload, 'compression' | 'bytes'> {
  return {
    contentBytes: bytes.byteLength,
    contentSha256: sha256,
    dictionaryIds: [],
    dictionaryBytes: 0,
  }
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
  const dictionary = joinDictionaries(dictionaries, payload.dictionaryBytes)
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
