import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

import { StorageError } from '@subnetkit/core'

/** How bytes are packed, as it stands beside every stored conversation. */
export const compressionTags = ['raw', 'gzip', 'deflate-raw', 'brotli', 'zstd'] as const
/** One of {@link compressionTags}. */
export type CompressionTag = (typeof compressionTags)[number]

/** One way to pack bytes and to get them back; every one is deterministic under one version of Node. */
export interface Compression {
  readonly tag: CompressionTag
  /** How far back it looks into a dictionary, in bytes; 0 when it cannot use one. */
  readonly windowBytes: number
  /** `dictionary` is empty when there is none. */
  pack(bytes: Uint8Array, dictionary: Uint8Array): Promise<Uint8Array>
  /** Gives at most `maxBytes` bytes; throws whatever zlib throws when there are more, or they are broken. */
  unpack(bytes: Uint8Array, dictionary: Uint8Array, maxBytes: number): Promise<Uint8Array>
}

/**
 * Up to this size bytes are packed at once, in a millisecond or two; handing them to another thread and back costs about
 * as much again. Larger ones go to a thread, so that they hold up nobody.
 */
const DIRECT_BYTES = 128 * 1024

type Call<Options> = (
  bytes: Uint8Array,
  options: Options,
  done: (error: Error | null, result: Buffer) => void,
) => void
type DirectCall<Options> = (bytes: Uint8Array, options: Options) => Buffer
type Run<Options> = (bytes: Uint8Array, options: Options, size?: number) => Promise<Uint8Array>

/** Chooses by the size of what is unpacked; `size` tells it where that is not the size of `bytes`. */
function runner<Options>(inThread: Call<Options>, direct: DirectCall<Options>): Run<Options> {
  const call = promisify(inThread)
  return async (bytes, options, size = bytes.byteLength) =>
    size <= DIRECT_BYTES ? direct(bytes, options) : call(bytes, options)
}

const gzip = runner<zlib.ZlibOptions>(zlib.gzip, zlib.gzipSync)
const gunzip = runner<zlib.ZlibOptions>(zlib.gunzip, zlib.gunzipSync)
const deflateRaw = runner<zlib.ZlibOptions>(zlib.deflateRaw, zlib.deflateRawSync)
const inflateRaw = runner<zlib.ZlibOptions>(zlib.inflateRaw, zlib.inflateRawSync)
const brotliCompress = runner<zlib.BrotliOptions>(zlib.brotliCompress, zlib.brotliCompressSync)
const brotliDecompress = runner<zlib.BrotliOptions>(zlib.brotliDecompress, zlib.brotliDecompressSync)

const OPERATING_SYSTEM_BYTE = 9
const UNKNOWN_SYSTEM = 255
const BROTLI_QUALITY = 5

const raw: Compression = {
  tag: 'raw',
  windowBytes: 0,
  pack: (bytes) => Promise.resolve(bytes),
  unpack: (bytes) => Promise.resolve(bytes),
}

const gzipCompression: Compression = {
  tag: 'gzip',
  windowBytes: 0,
  pack: async (bytes) => {
    const packed = await gzip(bytes, { level: 6 })
    // The only byte of the header that differs between systems; the time in it is always 0.
    packed[OPERATING_SYSTEM_BYTE] = UNKNOWN_SYSTEM
    return packed
  },
  unpack: (bytes, _dictionary, maxBytes) => gunzip(bytes, { maxOutputLength: maxBytes }, maxBytes),
}

const deflateRawCompression: Compression = {
  tag: 'deflate-raw',
  windowBytes: 32 * 1024,
  pack: (bytes, dictionary) => deflateRaw(bytes, { level: 6, ...named(dictionary) }),
  unpack: (bytes, dictionary, maxBytes) =>
    inflateRaw(bytes, { maxOutputLength: maxBytes, ...named(dictionary) }, maxBytes),
}

const brotli: Compression = {
  tag: 'brotli',
  windowBytes: 0,
  pack: (bytes) =>
    brotliCompress(bytes, {
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
      },
    }),
  unpack: (bytes, _dictionary, maxBytes) => brotliDecompress(bytes, { maxOutputLength: maxBytes }, maxBytes),
}

function named(dictionary: Uint8Array): Readonly<{ dictionary?: Uint8Array }> {
  return dictionary.byteLength === 0 ? {} : { dictionary }
}

interface ZstdOptions {
  readonly dictionary?: Uint8Array
  readonly maxOutputLength?: number
  readonly params?: Readonly<Record<number, number>>
}
/** Zstandard's own numbers of its parameters; Node's types do not name them before version 22. */
const ZSTD_LEVEL = 100
const ZSTD_HASH_LOG = 102
const ZSTD_CHAIN_LOG = 103
const LEVEL = 9
/** Short texts need small tables only, and clearing larger ones would cost more than packing. */
const SMALL_TABLES = { [ZSTD_HASH_LOG]: 16, [ZSTD_CHAIN_LOG]: 15 } as const

const isCall = (value: unknown): value is Call<ZstdOptions> => typeof value === 'function'
const isDirectCall = (value: unknown): value is DirectCall<ZstdOptions> => typeof value === 'function'

function createZstd(): Compression | null {
  const library: Readonly<Record<string, unknown>> = { ...zlib }
  const { zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } = library
  if (!isCall(zstdCompress) || !isDirectCall(zstdCompressSync)) return null
  if (!isCall(zstdDecompress) || !isDirectCall(zstdDecompressSync)) return null
  const compress = runner(zstdCompress, zstdCompressSync)
  const decompress = runner(zstdDecompress, zstdDecompressSync)
  return {
    tag: 'zstd',
    windowBytes: 1024 * 1024,
    pack: (bytes, dictionary) =>
      compress(bytes, {
        params: { [ZSTD_LEVEL]: LEVEL, ...(bytes.byteLength <= DIRECT_BYTES ? SMALL_TABLES : {}) },
        ...named(dictionary),
      }),
    unpack: (bytes, dictionary, maxBytes) =>
      decompress(bytes, { maxOutputLength: maxBytes, ...named(dictionary) }, maxBytes),
  }
}

/** A Node that has Zstandard but ignores its dictionary would write what nobody can read: so it is tried once. */
async function supportsDictionaries(compression: Compression): Promise<boolean> {
  const sample = Buffer.from(Array.from({ length: 256 }, (_, index) => (index * 167) % 256))
  const packed = await compression.pack(sample, sample)
  return packed.byteLength < sample.byteLength / 2
}

async function detectZstd(): Promise<Compression | null> {
  const found = createZstd()
  return found !== null && (await supportsDictionaries(found)) ? found : null
}

let zstd: Promise<Compression | null> | null = null

/** The ways to pack that this Node has, most useful first; `raw` is always there. */
export async function availableCompressions(): Promise<readonly Compression[]> {
  zstd ??= detectZstd()
  const found = await zstd
  return [...(found === null ? [] : [found]), deflateRawCompression, brotli, gzipCompression, raw]
}

/**
 * The way back for a stored tag.
 *
 * @throws StorageError `bad_query` when this Node cannot read it, with the way out.
 */
export async function compressionOf(tag: CompressionTag): Promise<Compression> {
  const found = (await availableCompressions()).find((one) => one.tag === tag)
  if (found !== undefined) return found
  throw new StorageError({
    code: 'bad_query',
    message: `a conversation is packed with ${tag}, which Node ${process.versions.node} cannot read; read it with Node 24, or 22.19 or newer`,
    details: { tag, node: process.versions.node },
  })
}
