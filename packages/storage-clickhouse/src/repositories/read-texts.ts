import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection, Statement } from '../connection.ts'
import { readBlocks } from '../query/read-rows.ts'

const textRow = rowReader({
  label: 'texts',
  schema: z.strictObject({ text: z.string() }),
  columns: { text: column.string() },
})

/** A statement's only column, as texts. */
export async function readTexts(connection: ClickHouseConnection, statement: Statement): Promise<string[]> {
  const texts: string[] = []
  for await (const block of readBlocks(connection, textRow, statement)) {
    for (const { text } of block) texts.push(text)
  }
  return texts
}
