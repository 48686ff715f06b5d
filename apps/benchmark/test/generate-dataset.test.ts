import { createHash } from 'node:crypto'
import { appendFile, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { DatasetOptionTexts } from '../src/dataset/dataset-options.ts'
import { parseDatasetOptions } from '../src/dataset/dataset-options.ts'
import type { GeneratedDataset } from '../src/tasks/datasets/generate-dataset.ts'
import { describeDatasets } from '../src/tasks/datasets/describe-datasets.ts'
import { generateDataset } from '../src/tasks/datasets/generate-dataset.ts'

let out = ''
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'dataset-'))
})
afterEach(async () => {
  await rm(out, { recursive: true })
})

const texts = {
  network: 'torus',
  date: '2025-08-01',
  windowDays: '10',
  transfers: '3000',
  seed: '7',
  format: 'csv',
}

function make(change: Partial<DatasetOptionTexts> = {}, force = false): Promise<GeneratedDataset> {
  return generateDataset({ options: parseDatasetOptions({ ...texts, ...change }), out, force })
}

/** Every file under the folder with its checksum. */
async function fingerprint(): Promise<Record<string, string>> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const hashes = files.sort().map(async (file): Promise<[string, string]> => {
    return [
      file.slice(out.length),
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ]
  })
  return Object.fromEntries(await Promise.all(hashes))
}

describe('a generated dataset', () => {
  it.each(['parquet', 'csv', 'jsonl'])('has the same bytes for the same options: %s', async (format) => {
    await make({ format })
    const first = await fingerprint()
    const made = await make({ format }, true)
    expect(made.isNew).toBe(true)
    expect(await fingerprint()).toEqual(first)
    await make({ format, seed: '8' }, true)
    const other = await fingerprint()
    expect(Object.keys(other)).toEqual(Object.keys(first))
    expect(Object.keys(first).filter((file) => other[file] === first[file])).toEqual([])
  })

  it('has exactly these bytes, on every version of Node', async () => {
    const { snapshot, truth } = await make()
    expect({ ...snapshot.sha256, ...truth.sha256 }).toMatchInlineSnapshot(`
      {
        "address_labels.csv": "3fbb28e4aaf84487792e319daacd58c601c3772f1bf86049f066bc8f5d02bd5f",
        "ground_truth.csv": "14461cbc8dd6050e0a2058bfa2f363ab8fc12f4940ea570f5282606f036a677b",
        "planted_transfers.csv": "91a259eb8ba528c52dc93a01e6effc6bb86b061ae60e66d99898f269115bf45b",
        "transfers.csv": "71b44282276215c931a80556fad07f51d3e3a0d3520005f04e89c05da3e229e4",
      }
    `)
  })

  it('lies where it should, with the truth apart and no seed in the snapshot', async () => {
    await make()
    expect(Object.keys(await fingerprint())).toEqual([
      '/snapshot/torus/2025-08-01/10/META.json',
      '/snapshot/torus/2025-08-01/10/address_labels.csv',
      '/snapshot/torus/2025-08-01/10/transfers.csv',
      '/truth/torus/2025-08-01/10/META.json',
      '/truth/torus/2025-08-01/10/ground_truth.csv',
      '/truth/torus/2025-08-01/10/planted_transfers.csv',
    ])
    const meta: unknown = JSON.parse(
      await readFile(join(out, 'snapshot/torus/2025-08-01/10/META.json'), 'utf8'),
    )
    expect(meta).toMatchObject({
      schema_version: '1.0.0',
      batch_id: 'torus-2025-08-01-10d',
      processing_date: '2025-08-01',
      window_days: 10,
      generated_at: '2025-08-01T00:00:00.000Z',
      counts: { transfers: 3000 },
    })
    expect(meta).not.toHaveProperty('seed')
  })

  it('holds the same rows in every format', async () => {
    const lines = async (format: string): Promise<string[]> => {
      const made = await make({ format }, true)
      return (await readFile(join(made.snapshotFolder, `transfers.${format}`), 'utf8')).trimEnd().split('\n')
    }
    const [header = '', ...csv] = await lines('csv')
    const jsonl = await lines('jsonl')
    const { snapshotFolder } = await make({ format: 'parquet' }, true)
    const file = await asyncBufferFromFile(join(snapshotFolder, 'transfers.parquet'))
    const parquet = await parquetReadObjects({ file })
    const names = header.split(',')
    expect(names).toHaveLength(12)
    const values = (row: unknown): string =>
      names.map((name) => String(Reflect.get(Object(row), name))).join(',')
    expect(jsonl.map((line) => values(JSON.parse(line)))).toEqual(csv)
    expect(parquet.map(values)).toEqual(csv)
  })

  it('is streamed into row groups of bounded size', async () => {
    const { snapshotFolder } = await make({ format: 'parquet', transfers: '25000' })
    const metadata = await parquetMetadataAsync(
      await asyncBufferFromFile(join(snapshotFolder, 'transfers.parquet')),
    )
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([20_000, 5_000])
  })
})

describe('a second run', () => {
  it('leaves a complete dataset alone', async () => {
    await make()
    expect((await make()).isNew).toBe(false)
  })

  it('refuses what was made otherwise, and says how', async () => {
    await make()
    await expect(make({ seed: '8' })).rejects.toThrow(
      /--out: .* already holds a dataset made with --seed 7; .*--force/,
    )
    await expect(make({ format: 'jsonl' })).rejects.toThrow(/made with --format csv/)
    expect((await make({ seed: '8' }, true)).isNew).toBe(true)
  })

  it('notices damage in the snapshot and in the truth', async () => {
    const made = await make()
    await appendFile(join(made.snapshotFolder, 'transfers.csv'), 'x')
    await expect(make()).rejects.toThrow(/damaged .*transfers\.csv/)
    await make({}, true)
    await rm(join(made.truthFolder, 'ground_truth.csv'))
    await expect(make()).rejects.toThrow(/damaged .*ground_truth\.csv/)
    await rm(made.truthFolder, { recursive: true })
    await expect(make()).rejects.toThrow(/whose truth is not beside it/)
  })

  it('finishes what a crash between the two moves left', async () => {
    const made = await make()
    const before = await fingerprint()
    await rm(made.snapshotFolder, { recursive: true })
    expect((await make()).isNew).toBe(true)
    expect(await fingerprint()).toEqual(before)
  })

  it('removes what it began when it is stopped', async () => {
    const controller = new AbortController()
    const options = parseDatasetOptions({ ...texts, transfers: '50000' })
    const onProgress = ({ done }: { done: number }): void => {
      if (done > 20_000) controller.abort()
    }
    await expect(
      generateDataset({ options, out, force: false, onProgress, signal: controller.signal }),
    ).rejects.toThrow(/abort/i)
    expect(await readdir(out)).toEqual([])
  })
})

describe('a folder of datasets', () => {
  it('is described whole, and says so where the truth was taken away', async () => {
    await make()
    const { truthFolder } = await make({ windowDays: '3' })
    await rm(truthFolder, { recursive: true })
    const described = await describeDatasets(out)
    expect(described.map(({ snapshot, truth }) => [snapshot.window_days, truth?.seed ?? null])).toEqual([
      [10, '7'],
      [3, null],
    ])
  })

  it('is refused when it holds none', async () => {
    await expect(describeDatasets(join(out, 'nowhere'))).rejects.toThrow(
      /DIR: .*holds no datasets; give the --out/,
    )
  })
})
