import { OutputCount } from './output-count.ts'
import { type OutputLimits, outputLimits } from './output-limits.ts'

const NEWLINE = 0x0a

/**
 * Reads a report of JSON lines as it streams in, in any chunks: yields what each line holds, and `null` for a line that
 * is too long or no JSON, so that it counts as a row that says nothing. Empty lines are passed over. Never more than one
 * line and one chunk are held.
 *
 * @throws InputError when the report is larger than allowed.
 */
export async function* readReportLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: OutputLimits = outputLimits,
): AsyncGenerator<readonly unknown[]> {
  let rest: Buffer = Buffer.alloc(0)
  let isCutting = false
  const count = new OutputCount(limits)
  for await (const chunk of chunks) {
    count.add('reportBytes', chunk.length)
    const bytes = Buffer.concat([rest, chunk])
    const rows: unknown[] = []
    let start = 0
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      if (isCutting) isCutting = false
      else if (end - start > limits.lineBytes) rows.push(null)
      else if (end > start) rows.push(...parseLine(bytes, start, end))
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > limits.lineBytes && !isCutting) {
      rows.push(null)
      isCutting = true
    }
    if (isCutting) rest = Buffer.alloc(0)
    yield rows
  }
  if (rest.length > 0) yield parseLine(rest, 0, rest.length)
}

/** One value, or none for a line of white space. */
function parseLine(bytes: Buffer, start: number, end: number): readonly unknown[] {
  const text = bytes.toString('utf8', start, end)
  try {
    const value: unknown = JSON.parse(text)
    return [value]
  } catch {
    return text.trim() === '' ? [] : [null]
  }
}
