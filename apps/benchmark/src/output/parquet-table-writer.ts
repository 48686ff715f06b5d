import { ByteWriter, ParquetWriter } from 'hyparquet-writer'

import { HashedFile } from './hashed-file.ts'
import type { ColumnKind, ColumnSpec, ColumnValues, TableWriter, WrittenFile } from './table-columns.ts'

/** Rows per row group: small enough to bound memory, large enough to compress. */
const ROW_GROUP_ROWS = 20_000

type ColumnData = Parameters<ParquetWriter['write']>[0]['columnData'][number]
type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number]

const storedAs: Readonly<Record<ColumnKind, Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  uint32: { type: 'INT32', converted_type: 'UINT_32' },
  uint64: { type: 'INT64', converted_type: 'UINT_64' },
  int32: { type: 'INT32' },
  float64: { type: 'DOUBLE' },
}

class ParquetTableWriter implements TableWriter {
  readonly #file: HashedFile
  readonly #specs: readonly ColumnSpec[]
  readonly #bytes = new ByteWriter()
  readonly #parquet: ParquetWriter
  #pending: (string | number)[][]
  #rows = 0

  constructor(file: HashedFile, specs: readonly ColumnSpec[]) {
    this.#file = file
    this.#specs = specs
    this.#pending = specs.map(() => [])
    const fields = specs.map(({ name, kind }): SchemaElement => {
      return { name, repetition_type: 'REQUIRED', ...storedAs[kind] }
    })
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: [{ name: 'root', num_children: specs.length }, ...fields],
      codec: 'SNAPPY',
      createdBy: 'subnetkit benchmark',
    })
  }

  async write(columns: readonly ColumnValues[]): Promise<void> {
    this.#pending.forEach((pending, column) => {
      for (const value of columns[column] ?? []) pending.push(value)
    })
    while ((this.#pending[0]?.length ?? 0) >= ROW_GROUP_ROWS) await this.#writeGroup(ROW_GROUP_ROWS)
  }

  async #writeGroup(rows: number): Promise<void> {
    const group = this.#pending.map((values) => values.slice(0, rows))
    this.#pending = this.#pending.map((values) => values.slice(rows))
    const columnData = this.#specs.map(({ name, kind, isDistinct }, column): ColumnData => {
      const values = group[column] ?? []
      const data = kind === 'uint64' ? values.map((value) => BigInt(value)) : values
      // Minima and maxima of text help no reader here, and take a tenth of the time.
      const source = { name, data, statistics: kind !== 'text' }
      return isDistinct === true ? { ...source, encoding: 'PLAIN', codec: 'UNCOMPRESSED' } : source
    })
    await this.#parquet.write({ columnData, rowGroupSize: rows })
    this.#rows += rows
    await this.#flush()
  }

  /** Hands the encoded bytes to the file and starts the writer's buffer over; its running offset stays. */
  async #flush(): Promise<void> {
    await this.#file.write(new Uint8Array(this.#bytes.buffer, 0, this.#bytes.index))
    this.#bytes.index = 0
  }

  async finish(): Promise<WrittenFile> {
    const left = this.#pending[0]?.length ?? 0
    if (left > 0) await this.#writeGroup(left)
    await this.#parquet.finish()
    await this.#flush()
    return { rows: this.#rows, ...(await this.#file.finish()) }
  }

  async abandon(): Promise<void> {
    await this.#file.abandon()
  }
}

/** A Parquet file with row groups of 20,000, SNAPPY, no nulls. Decimals are text, exact; timestamps unsigned integers. */
export async function createParquetWriter(path: string, specs: readonly ColumnSpec[]): Promise<TableWriter> {
  return new ParquetTableWriter(await HashedFile.create(path), specs)
}
