import type { CallOptions, ProgressListener } from '@subnetkit/core'

import type { BadRowFile } from './bad-row-file.ts'
import type { DumpIndex } from './dump-index.ts'
import { dumpTables, type DumpTable } from './dump-tables.ts'
import type { DumpFiles } from './find-dump-files.ts'
import { writeLedger, type ImportLedger } from './import-ledger.ts'
import { judgeBatches, readAhead, type JudgedBatch } from './judge-batches.ts'
import { DUMP_START } from './read-dump-rows.ts'
import { badRowOf } from './row-problem.ts'
import type { RowStore, StoredRows } from './store-rows.ts'
import type { TableImport, TableImports } from './table-import.ts'

/** Rows of one table by what became of them: `rows` is the sum of the others. */
export interface TableCounts {
  readonly rows: number
  readonly stored: number
  readonly bad: number
}

/** What an import goes through files with. */
export interface ImportPassDeps {
  readonly files: DumpFiles
  readonly imports: TableImports
  readonly index: DumpIndex
  readonly store: RowStore
  readonly ignoredColumns: ReadonlySet<string>
  readonly onProgress: ProgressListener
  readonly signal: AbortSignal
}

/** Where an import remembers how far it is. */
export interface ImportProgress {
  /** Changed as rows are stored. */
  readonly ledger: ImportLedger
  readonly ledgerFolder: string
  readonly badRows: BadRowFile
}

/** Rows that take a call each, and rows that go out as one insert. */
const [FEW, MANY] = [500, 20_000]

type Store<Row> = (rows: readonly Row[], options: CallOptions) => Promise<StoredRows>

/** Goes through all files of a dump: to note what rows know of each other, to judge them, to store them. */
export class ImportPass {
  readonly #deps: ImportPassDeps

  constructor(deps: ImportPassDeps) {
    this.#deps = deps
  }

  /** Tells the index of every row that others may name; comes before all else. */
  async note(): Promise<void> {
    const { agents, versions, evaluations, snapshots } = this.#deps.imports
    await this.#note(agents)
    await this.#note(versions)
    await this.#note(evaluations)
    await this.#note(snapshots)
  }

  /** Judges all rows, lists the bad ones and stores none. */
  async check(badRows: BadRowFile): Promise<Readonly<Record<DumpTable, TableCounts>>> {
    const { agents, versions, evaluations, runs, snapshots } = this.#deps.imports
    return {
      agents: await this.#check(agents, badRows),
      agent_versions: await this.#check(versions, badRows),
      evaluations: await this.#check(evaluations, badRows),
      evaluation_runs: await this.#check(runs, badRows),
      weights_history: await this.#check(snapshots, badRows),
    }
  }

  /** Judges and stores what the ledger does not tell of yet. */
  async store(progress: ImportProgress): Promise<void> {
    const { imports, store } = this.#deps
    const { agents, versions, evaluations, runs, snapshots } = imports
    await this.#store(agents, FEW, (rows, options) => store.agents(rows, options), progress)
    await this.#store(versions, FEW, (rows, options) => store.versions(rows, options), progress)
    await this.#store(evaluations, MANY, (rows, options) => store.evaluations(rows, options), progress)
    await this.#store(runs, MANY, (rows, options) => store.runs(rows, options), progress)
    await this.#store(snapshots, FEW, (rows, options) => store.snapshots(rows, options), progress)
  }

  async #note<Row>({ table, read, note }: TableImport<Row>): Promise<void> {
    const judge = (values: readonly unknown[], line: number): null => {
      note(read(values), line)
      return null
    }
    for await (const { good } of this.#batches(table, 'look through', MANY, judge)) void good
  }

  async #check<Row>(rows: TableImport<Row>, badRows: BadRowFile): Promise<TableCounts> {
    const counts = { rows: 0, stored: 0, bad: 0 }
    for await (const { good, bad } of this.#batches(rows.table, 'check', MANY, judging(rows))) {
      await badRows.add(bad)
      counts.rows += good.length + bad.length
      counts.bad += bad.length
    }
    return counts
  }

  async #store<Row>(
    rows: TableImport<Row>,
    maxRows: number,
    store: Store<Row>,
    { ledger, ledgerFolder, badRows }: ImportProgress,
  ): Promise<void> {
    const { signal, index } = this.#deps
    const { table } = rows
    const entry = ledger.tables[table]
    if (entry.isDone) return
    const batches = this.#batches(table, 'import', maxRows, judging(rows), entry)
    for await (const { good, bad, end } of readAhead(batches)) {
      signal.throwIfAborted()
      const given = good.map(({ row }) => row)
      const { refused, queued } = await store(given, { signal })
      const faults = refused.flatMap(({ at, fault }) => {
        const judged = good[at]
        return judged === undefined ? [] : [{ judged, fault }]
      })
      for (const { judged } of faults) {
        const id = rows.id(judged.row)
        ledger.refused[table].push(id)
        if (table !== 'evaluation_runs') index.refuse(table, id)
      }
      await badRows.add([...bad, ...faults.map(({ judged, fault }) => badRowOf(table, judged.line, fault))])
      entry.bytes = end.bytes
      entry.lines = end.lines
      entry.rows += good.length + bad.length
      entry.stored += good.length - faults.length
      entry.bad += bad.length + faults.length
      ledger.queued += queued
      ledger.badBytes = badRows.bytes
      await writeLedger(ledgerFolder, ledger)
    }
    entry.isDone = true
    await writeLedger(ledgerFolder, ledger)
  }

  #batches<Row>(
    table: DumpTable,
    verb: string,
    maxRows: number,
    judge: (values: readonly unknown[], line: number) => Row,
    from = DUMP_START,
  ): AsyncGenerator<JudgedBatch<Row>, void, void> {
    const { files, ignoredColumns, onProgress, signal } = this.#deps
    const file = files[table]
    const stage = `${verb} ${table} (${dumpTables.indexOf(table) + 1} of ${dumpTables.length})`
    const onBytesRead = (bytes: number): void => {
      onProgress({ stage, done: Math.min(bytes, file.size), total: file.size, unit: 'bytes' })
    }
    return judgeBatches(file, { judge, maxRows, ignoredColumns, from, onBytesRead, signal })
  }
}

function judging<Row>({ read, judge }: TableImport<Row>): (values: readonly unknown[], line: number) => Row {
  return (values, line) => judge(read(values), line)
}
