import type { DumpPosition } from './cut-records.ts'
import type { DumpFile } from './find-dump-files.ts'
import { readDumpRows, type DumpRow, type ReadDumpRowsOptions } from './read-dump-rows.ts'
import { badRowOf, RowProblem, type BadRow, type RowFault } from './row-problem.ts'

/** A good row and where it stood. */
export interface JudgedRow<Row> {
  readonly line: number
  readonly row: Row
}

/** Rows that are stored together. */
export interface JudgedBatch<Row> {
  readonly good: readonly JudgedRow<Row>[]
  readonly bad: readonly BadRow[]
  /** After the last of them. */
  readonly end: DumpPosition
}

/** How rows are judged and put together. */
export interface JudgeBatchesOptions<Row> extends ReadDumpRowsOptions {
  /** @throws RowProblem for a bad row. */
  readonly judge: (values: readonly unknown[], line: number) => Row
  readonly maxRows: number
}

/** Content of a batch, about: patches are long. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024

/** The rows of a file, judged, in batches of some rows and about 16 MiB. */
export async function* judgeBatches<Row>(
  file: DumpFile,
  { judge, maxRows, ...options }: JudgeBatchesOptions<Row>,
): AsyncGenerator<JudgedBatch<Row>, void, void> {
  let good: JudgedRow<Row>[] = []
  let bad: BadRow[] = []
  let begun = options.from.bytes
  const take = (end: DumpPosition): JudgedBatch<Row> => {
    const batch = { good, bad, end }
    good = []
    bad = []
    begun = end.bytes
    return batch
  }
  let last: DumpRow | null = null
  for await (const rows of readDumpRows(file, options)) {
    for (const dumped of rows) {
      const row = judged(dumped, judge)
      if (row.fault === null) good.push({ line: dumped.line, row: row.value })
      else bad.push(badRowOf(file.table, dumped.line, row.fault))
      last = dumped
      const isFull = good.length + bad.length >= maxRows || dumped.end.bytes - begun >= MAX_BATCH_BYTES
      if (isFull) yield take(dumped.end)
    }
  }
  if (last !== null && good.length + bad.length > 0) yield take(last.end)
}

type Judged<Row> = Readonly<{ fault: null; value: Row }> | Readonly<{ fault: RowFault }>

function judged<Row>(
  { values, line, fault }: DumpRow,
  judge: (values: readonly unknown[], line: number) => Row,
): Judged<Row> {
  if (fault !== null) return { fault }
  try {
    return { fault: null, value: judge(values, line) }
  } catch (error) {
    if (error instanceof RowProblem) return { fault: error.fault }
    throw error
  }
}

/** Gives a batch while the next one is made; what fails there is thrown when it is asked for. */
export async function* readAhead<T>(source: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  let next = source.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done === true) return
      next = source.next()
      next.catch(() => undefined)
      yield value
    }
  } finally {
    await source.return()
  }
}
