import { HashedFile } from './hashed-file.ts'
import type { ColumnSpec, ColumnValues, TableWriter, WrittenFile } from './table-columns.ts'

type RowText = (values: readonly (string | number)[]) => string

/** A CSV field, quoted only where it has to be (RFC 4180). */
function csvField(value: string | number): string {
  if (typeof value === 'number') return value.toString()
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

class TextTableWriter implements TableWriter {
  readonly #file: HashedFile
  readonly #rowText: RowText
  #rows = 0

  constructor(file: HashedFile, rowText: RowText) {
    this.#file = file
    this.#rowText = rowText
  }

  async write(columns: readonly ColumnValues[]): Promise<void> {
    const rows = columns[0]?.length ?? 0
    const values = columns.map((): string | number => '')
    let text = ''
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns.length; column++) values[column] = columns[column]?.[row] ?? ''
      text += this.#rowText(values)
    }
    this.#rows += rows
    await this.#file.write(Buffer.from(text, 'utf8'))
  }

  async finish(): Promise<WrittenFile> {
    return { rows: this.#rows, ...(await this.#file.finish()) }
  }

  async abandon(): Promise<void> {
    await this.#file.abandon()
  }
}

/** A CSV file with a header line; lines end in LF. */
export async function createCsvWriter(path: string, specs: readonly ColumnSpec[]): Promise<TableWriter> {
  const file = await HashedFile.create(path)
  await file.write(Buffer.from(`${specs.map(({ name }) => name).join(',')}\n`))
  return new TextTableWriter(file, (values) => `${values.map(csvField).join(',')}\n`)
}

/** One JSON object per line, keys in the order of the columns. */
export async function createJsonlWriter(path: string, specs: readonly ColumnSpec[]): Promise<TableWriter> {
  const keys = specs.map(({ name }) => `${JSON.stringify(name)}:`)
  return new TextTableWriter(await HashedFile.create(path), (values) => {
    const fields = values.map((value, column) => `${keys[column] ?? ''}${JSON.stringify(value)}`)
    return `{${fields.join(',')}}\n`
  })
}
