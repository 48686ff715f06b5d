import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import type { ImportFormat } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openLocalFile } from './local-file.ts'
import { readSourceColumns } from './source-columns.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'source-columns-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function columnsOf(name: string, content: string | Uint8Array, format: ImportFormat): Promise<unknown> {
  const path = join(folder, name)
  await writeFile(path, content)
  return readSourceColumns(await openLocalFile(path), format, name.endsWith('.gz'))
}

describe('readSourceColumns', () => {
  it('reads CSV headers with quotes, a byte order mark and Windows line ends', async () => {
    expect(await columnsOf('a.csv', '\uFEFFid,"from, to","say ""x"""\r\n1,2,3\r\n', 'csv')).toEqual([
      'id',
      'from, to',
      'say "x"',
    ])
  })

  it('reads gzipped files', async () => {
    expect(await columnsOf('a.csv.gz', gzipSync(`a,b\n${'1,2\n'.repeat(100_000)}`), 'csv')).toEqual([
      'a',
      'b',
    ])
  })

  it('reads the keys of the first JSON line', async () => {
    expect(await columnsOf('a.jsonl', '{"x":1,"y":{"z":2}}\n{"x":2}\n', 'jsonl')).toEqual(['x', 'y'])
  })

  it.each([
    ['open.csv', '"a,b\n', 'csv'],
    ['gap.csv', 'a,,b\n', 'csv'],
    ['list.jsonl', '[1,2]\n', 'jsonl'],
    ['cut.parquet', 'PAR1 and nothing more', 'parquet'],
    ['fake.csv.gz', 'not gzip', 'csv'],
  ] as const)('refuses %s and names it', async (name, content, format) => {
    await expect(columnsOf(name, content, format)).rejects.toMatchObject({ name: 'InputError', field: name })
  })

  it('refuses an empty file', async () => {
    await expect(columnsOf('empty.csv', '', 'csv')).rejects.toThrow(/empty.csv: is empty/)
  })
})
