import { join } from 'node:path'

import type { ProgressListener } from '@subnetkit/core'

import { BadRowFile } from '../agent-import/bad-row-file.ts'
import { countImported, type StoreCounts } from '../agent-import/count-imported.ts'
import { DumpIndex, type OnDuplicate } from '../agent-import/dump-index.ts'
import { readDumpHeader } from '../agent-import/dump-header.ts'
import { dumpTables, type DumpTable } from '../agent-import/dump-tables.ts'
import { fileDigest } from '../agent-import/file-digest.ts'
import { findDumpFiles, type DumpFiles } from '../agent-import/find-dump-files.ts'
import {
  checkLedger,
  newLedger,
  readLedger,
  writeLedger,
  type ImportLedger,
  type LedgerSubject,
} from '../agent-import/import-ledger.ts'
import { ImportPass, type TableCounts } from '../agent-import/import-pass.ts'
import type { BadRow } from '../agent-import/row-problem.ts'
import { RowStore, type ImportStores } from '../agent-import/store-rows.ts'
import { createTableImports } from '../agent-import/table-import.ts'
import type { WallClock } from '../agent-import/wall-clock.ts'

/** What is imported, and how. */
export interface ImportAgentsParams {
  /** Holds the five files. */
  readonly folder: string
  /** Holds the ledger; it is there, and nobody else's while this runs. */
  readonly ledgerFolder: string
  /** The stores, for a person: an import does not go on into others. */
  readonly stores: string
  /** Flags that rows are judged by, as they were given. */
  readonly flags: Readonly<Record<string, string>>
  readonly clock: WallClock
  readonly hotkeys: ReadonlyMap<number, string> | null
  readonly onDuplicate: OnDuplicate
  readonly ignoredColumns: ReadonlySet<string>
  readonly cutTexts: boolean
  /** Nothing goes into a queue. */
  readonly isHistory: boolean
  /** `check` stores nothing, `strict` only when no row is bad. */
  readonly mode: 'import' | 'check' | 'strict'
  /** Forgets how far an earlier import was. */
  readonly isRestart: boolean
  readonly badRowsFile: string
}

/** What the import works with. */
export interface ImportAgentsDeps {
  readonly stores: ImportStores
  readonly now: () => Date
  readonly onProgress: ProgressListener
}

/** What became of one table. */
export interface ImportedTable extends TableCounts {
  readonly table: DumpTable
  /** Null where nothing was stored. */
  readonly counts: StoreCounts | null
}

/** What an import did. */
export interface ImportedAgents {
  /** `checked` and `refused` stored nothing; `unchanged` found everything done. */
  readonly outcome: 'imported' | 'checked' | 'refused' | 'unchanged'
  readonly tables: readonly ImportedTable[]
  readonly bad: number
  /** The first that were found by this call. */
  readonly firstBad: readonly BadRow[]
  readonly badRowsFile: string
  /** Evaluations that wait in queues since. */
  readonly queued: number
  /** Whether every row was stored or listed, and is where it should be. */
  readonly isWhole: boolean
}

/**
 * Imports the tables of the earlier platform. Each batch is stored before the ledger tells of it, and storing it again
 * changes nothing: after a crash the same call goes on. All rows are judged by the time at which the import was begun.
 *
 * @throws InputError for files that cannot be read, and for other files or flags than the import was begun with.
 */
export async function importAgents(
  deps: ImportAgentsDeps,
  params: ImportAgentsParams,
  { signal }: Readonly<{ signal: AbortSignal }>,
): Promise<ImportedAgents> {
  const files = await findDumpFiles(params.folder)
  for (const table of dumpTables) await readDumpHeader(files[table], params.ignoredColumns)
  if (params.mode === 'check') return await check(deps, params, files, 'checked', signal)
  const subject = await subjectOf(params, files, deps.onProgress, signal)
  const begun = params.isRestart ? null : await readLedger(params.ledgerFolder)
  if (begun !== null) checkLedger(begun, subject)
  const ledger = begun ?? newLedger(subject, deps.now())
  const wasDone = dumpTables.every((table) => ledger.tables[table].isDone)
  if (params.mode === 'strict' && !wasDone) {
    const checked = await check(deps, params, files, 'refused', signal)
    if (checked.bad > 0) return checked
  }
  await writeLedger(params.ledgerFolder, ledger)
  await using badRows = await BadRowFile.open(params.badRowsFile, ledger.badBytes)
  const { index, pass } = await prepare(deps, params, files, ledger, signal)
  if (!wasDone) await pass.store({ ledger, badRows, ledgerFolder: params.ledgerFolder })
  deps.onProgress({ stage: 'count what is stored', done: 0, total: null, unit: 'rows' })
  const counts = await countImported(deps.stores, index, { signal })
  const tables = dumpTables.map((table) => ({ table, ...countsOf(ledger, table), counts: counts[table] }))
  return {
    outcome: wasDone ? 'unchanged' : 'imported',
    tables,
    bad: tables.reduce((sum, { bad }) => sum + bad, 0),
    firstBad: badRows.first,
    badRowsFile: params.badRowsFile,
    queued: ledger.queued,
    isWhole: tables.every(isWhole),
  }
}

/** Judges all rows by themselves and by each other, but not by what is stored. */
async function check(
  deps: ImportAgentsDeps,
  params: ImportAgentsParams,
  files: DumpFiles,
  outcome: 'checked' | 'refused',
  signal: AbortSignal,
): Promise<ImportedAgents> {
  await using badRows = await BadRowFile.open(params.badRowsFile, 0)
  const { pass } = await prepare(deps, params, files, null, signal)
  const counted = await pass.check(badRows)
  const tables = dumpTables.map((table) => ({ table, ...counted[table], counts: null }))
  const bad = tables.reduce((sum, table) => sum + table.bad, 0)
  const { badRowsFile } = params
  return { outcome, tables, bad, firstBad: badRows.first, badRowsFile, queued: 0, isWhole: true }
}

async function prepare(
  deps: ImportAgentsDeps,
  params: ImportAgentsParams,
  files: DumpFiles,
  ledger: ImportLedger | null,
  signal: AbortSignal,
): Promise<Readonly<{ index: DumpIndex; pass: ImportPass }>> {
  const { clock, hotkeys, cutTexts, isHistory, onDuplicate, ignoredColumns } = params
  const index = new DumpIndex({ onDuplicate, isHistory })
  const now = ledger === null ? deps.now() : new Date(ledger.startedAt)
  const imports = createTableImports(index, { clock, hotkeys, cutTexts, now })
  const store = new RowStore(deps.stores, { now: deps.now, isHistory })
  const { onProgress } = deps
  const pass = new ImportPass({ files, imports, index, store, ignoredColumns, onProgress, signal })
  await pass.note()
  for (const table of ['agents', 'agent_versions', 'evaluations', 'weights_history'] as const) {
    for (const id of ledger?.refused[table] ?? []) index.refuse(table, id)
  }
  return { index, pass }
}

async function subjectOf(
  { stores, flags }: ImportAgentsParams,
  files: DumpFiles,
  onProgress: ProgressListener,
  signal: AbortSignal,
): Promise<LedgerSubject> {
  const known = async (table: DumpTable): Promise<LedgerSubject['files'][DumpTable]> => {
    const { name, path, size } = files[table]
    onProgress({ stage: `look whether ${name} is as it was`, done: 0, total: null, unit: 'files' })
    return { name, size, sha256: await fileDigest(path, signal) }
  }
  return {
    stores,
    options: flags,
    files: {
      agents: await known('agents'),
      agent_versions: await known('agent_versions'),
      evaluations: await known('evaluations'),
      evaluation_runs: await known('evaluation_runs'),
      weights_history: await known('weights_history'),
    },
  }
}

function countsOf(ledger: ImportLedger, table: DumpTable): TableCounts {
  const { rows, stored, bad } = ledger.tables[table]
  return { rows, stored, bad }
}

/** Rows that others put may be there too, so more than were stored are no fault. */
function isWhole({ rows, stored, bad, counts }: ImportedTable): boolean {
  if (rows !== stored + bad || counts === null) return false
  return counts.record >= stored && (counts.decided === null || counts.decided >= stored)
}

/** Where an import of a folder keeps its ledger below the data folder. */
export function importLedgerFolder(dataDir: string, name: string): string {
  return join(dataDir, 'agent-import', name)
}
