import { isStorageError, StorageError } from '@subnetkit/core'

import { toStorageError } from '../errors.ts'

const NEWLINE = 0x0a
const COMMA = 0x2c
const OPEN = 0x5b

/** Blocks are cut here: large enough that parsing dominates, small enough that memory stays flat. */
const BLOCK_BYTES = 256 * 1024

/**
 * Cuts a JSONCompactEachRow answer into blocks of parsed rows. JSON escapes line breaks inside texts, so a raw one
 * always ends a row: turned into commas, a block is one JSON array, which parses faster than its lines do.
 *
 * @throws StorageError for an error that the server wrote into the middle of its answer, and `corrupt_row` for anything
 *   else that is not JSON.
 */
export async function* decodeBlocks(
  chunks: AsyncIterable<Buffer>,
  label: string,
): AsyncGenerator<readonly unknown[], void, void> {
  let pending: Buffer[] = []
  let size = 0
  for await (const chunk of orExplained(chunks, () => Buffer.concat(pending, size), label)) {
    pending.push(chunk)
    size += chunk.length
    if (size < BLOCK_BYTES) continue
    const bytes = pending.length === 1 ? chunk : Buffer.concat(pending, size)
    const end = bytes.lastIndexOf(NEWLINE)
    const rest = bytes.subarray(end + 1)
    if (end >= 0) {
      const rows = parseBlock(bytes.subarray(0, end))
      yield rows ?? (await explainBroken(bytes, chunks, label))
    }
    pending = [rest]
    size = rest.length
  }
  const bytes = Buffer.concat(pending, size)
  const end = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length
  if (end <= 0) return
  yield parseBlock(bytes.subarray(0, end)) ?? (await explainBroken(bytes, [], label))
}

/** When the answer breaks off, the reason may stand in what arrived last: it is worth more than the broken socket. */
async function* orExplained(
  chunks: AsyncIterable<Buffer>,
  pending: () => Buffer,
  label: string,
): AsyncGenerator<Buffer, void, void> {
  try {
    yield* chunks
  } catch (error) {
    if (isStorageError(error, 'unavailable')) throwServerError(pending(), label)
    throw error
  }
}

/** Rows of a block without its last line break, or null when it is not JSON. The bytes are changed on the way. */
function parseBlock(bytes: Buffer): readonly unknown[] | null {
  if (bytes[0] !== OPEN) return null
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) bytes[at] = COMMA
  try {
    const rows: unknown = JSON.parse(`[${bytes.toString('utf8')}]`)
    return Array.isArray(rows) ? rows : null
  } catch {
    return null
  }
}

const MESSAGE_BYTES = 64 * 1024

/** The server's error stands at the end of its answer, as text. Always throws. */
async function explainBroken(
  bytes: Buffer,
  rest: AsyncIterable<Buffer> | Iterable<Buffer>,
  label: string,
): Promise<never> {
  let tail = bytes.subarray(-MESSAGE_BYTES)
  for await (const chunk of withoutFailure(rest)) tail = Buffer.concat([tail, chunk]).subarray(-MESSAGE_BYTES)
  throwServerError(tail, label)
  throw new StorageError({ code: 'corrupt_row', message: `${label}: the answer is not JSONCompactEachRow` })
}

/** The rest of an answer that is known to be broken: how it ends does not matter any more. */
async function* withoutFailure(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } catch (error) {
    if (!isStorageError(error, 'unavailable')) throw error
  }
}

/** Throws the error whose text the server wrote at the end of its answer; returns when there is none. */
function throwServerError(tail: Buffer, label: string): void {
  const message = /Code: \d+\. DB::[\s\S]*/.exec(tail.toString('utf8'))?.[0]
  if (message === undefined) return
  const text = message.replace(/\r?\n?\d+ \w+\r?\n__exception__[\s\S]*$/, '')
  throw toStorageError({ message: text, toString: () => text }, { operation: `reading ${label}` })
}
