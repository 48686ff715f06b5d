import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { InputError } from '@subnetkit/core'

import { dumpTables, type DumpTable } from './dump-tables.ts'

/** The file of one table. */
export interface DumpFile {
  readonly table: DumpTable
  /** Its name within the folder. */
  readonly name: string
  readonly path: string
  readonly format: 'csv' | 'jsonl'
  readonly isGzip: boolean
  /** As it lies there. */
  readonly size: number
}

/** The five files of a dump. */
export type DumpFiles = Readonly<Record<DumpTable, DumpFile>>

const endings = ['csv', 'jsonl', 'csv.gz', 'jsonl.gz'] as const

/** Finds each table's file in a folder. @throws InputError for one that is missing, or there twice. */
export async function findDumpFiles(folder: string): Promise<DumpFiles> {
  const names = new Set(await namesIn(folder))
  return {
    agents: await fileOf(folder, names, 'agents'),
    agent_versions: await fileOf(folder, names, 'agent_versions'),
    evaluations: await fileOf(folder, names, 'evaluations'),
    evaluation_runs: await fileOf(folder, names, 'evaluation_runs'),
    weights_history: await fileOf(folder, names, 'weights_history'),
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    throw new InputError({
      field: '<folder>',
      value: folder,
      problem: 'cannot be read',
      hint: `give the folder that holds ${dumpTables.join(', ')} as .csv or .jsonl`,
      cause,
    })
  }
}

async function fileOf(folder: string, names: ReadonlySet<string>, table: DumpTable): Promise<DumpFile> {
  const [ending, other] = endings.filter((candidate) => names.has(`${table}.${candidate}`))
  if (ending === undefined) {
    throw new InputError({
      field: `${folder}/${table}`,
      problem: 'is missing',
      hint: `export the table as ${table}.csv or ${table}.jsonl, packed with gzip or not; of an empty table the header alone`,
    })
  }
  if (other !== undefined) {
    throw new InputError({
      field: `${folder}/${table}`,
      problem: `is there as .${ending} and as .${other}`,
      hint: 'leave one of them',
    })
  }
  const name = `${table}.${ending}`
  const path = join(folder, name)
  const { size } = await stat(path)
  const format = ending.startsWith('csv') ? 'csv' : 'jsonl'
  return { table, name, path, format, isGzip: ending.endsWith('.gz'), size }
}
