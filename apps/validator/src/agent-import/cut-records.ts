import { isUtf8 } from 'node:buffer'

import { InputError } from '@subnetkit/core'

/** How far a file was read: its content, uncompressed. */
export interface DumpPosition {
  readonly bytes: number
  /** Lines that ended before it. */
  readonly lines: number
}

/** One record of a file: a line, or several where a quoted value holds line ends. */
export interface DumpRecord {
  /** Without the line end; null where the bytes are no UTF-8. */
  readonly text: string | null
  /** Where it begins, from 1. */
  readonly line: number
  /** Right after it. */
  readonly end: DumpPosition
  /** The file ended within a quoted value. */
  readonly isUnclosed: boolean
}

/** How records are told apart. */
export interface CutRecordsOptions {
  /** For messages. */
  readonly file: string
  /** Line ends within double quotes belong to the value, as CSV has it. */
  readonly isQuoted: boolean
  /** Where `chunks` begins in the content. */
  readonly from: DumpPosition
  /** Longest record. @default 67108864 */
  readonly maxBytes?: number
}

const [NEWLINE, RETURN, QUOTE] = [0x0a, 0x0d, 0x22]
const MAX_RECORD_BYTES = 64 * 1024 * 1024

/**
 * Cuts a file into records, those of one chunk at a time. Done here and not by a CSV library, because an import goes on
 * from a byte, tells the line of what is bad, and reads ten million records: a library took 16 µs for each of them.
 *
 * @throws InputError for a record that is too long: mostly a quote that was never closed.
 */
export async function* cutRecords(
  chunks: AsyncIterable<Buffer>,
  { file, isQuoted, from, maxBytes = MAX_RECORD_BYTES }: CutRecordsOptions,
): AsyncGenerator<readonly DumpRecord[], void, void> {
  let rest: Buffer = Buffer.alloc(0)
  let scanned = 0
  let isInside = false
  let { bytes, lines } = from
  let line = lines + 1
  const cut = (data: Buffer, start: number, end: number): DumpRecord => {
    const last = data[end - 1] === RETURN ? end - 1 : end
    const content = data.subarray(start, last)
    const text = isUtf8(content) ? content.toString('utf8') : null
    return { text, line, end: { bytes, lines }, isUnclosed: isInside }
  }
  for await (const chunk of chunks) {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const records: DumpRecord[] = []
    let start = 0
    for (let at = scanned; at < data.length; at += 1) {
      const byte = data[at]
      if (byte === QUOTE) isInside = isQuoted && !isInside
      else if (byte === NEWLINE) {
        lines += 1
        if (isInside) continue
        bytes += at + 1 - start
        records.push(cut(data, start, at))
        start = at + 1
        line = lines + 1
      }
    }
    rest = data.subarray(start)
    scanned = rest.length
    if (rest.length > maxBytes) throw tooLong(file, line, maxBytes)
    yield records
  }
  if (rest.length === 0) return
  bytes += rest.length
  yield [cut(rest, 0, rest.length)]
}

function tooLong(file: string, line: number, maxBytes: number): InputError {
  return new InputError({
    field: `${file}, line ${line}`,
    problem: `begins a record of more than ${maxBytes / 1024 / 1024} MiB`,
    hint: 'look there for a quote that is not closed, and export the table again',
  })
}
