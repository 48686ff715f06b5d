import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { countSchema, InputError, sha256Schema, uuidSchema } from '@subnetkit/core'
import { z } from 'zod'

import { dumpTables, type DumpTable } from './dump-tables.ts'

const tableSchema = z.strictObject({
  name: z.string(),
  size: countSchema,
  sha256: sha256Schema,
  /** How far its content is imported: the end of a row. */
  bytes: countSchema,
  lines: countSchema,
  rows: countSchema,
  stored: countSchema,
  bad: countSchema,
  isDone: z.boolean(),
})
/** How far one file is. */
export type LedgerTable = z.infer<typeof tableSchema>

const ledgerSchema = z.strictObject({
  format: z.literal(1),
  /** What is imported into, so that nobody goes on into another store. */
  stores: z.string(),
  /** How rows are judged, by flag; what was judged so stays so. */
  options: z.record(z.string(), z.string()),
  /** When the import began: no time of a dump lies after it. */
  startedAt: z.iso.datetime(),
  tables: z.record(z.enum(dumpTables), tableSchema),
  /** Length of the list of bad rows. */
  badBytes: countSchema,
  /** Ids that the store had no place for. */
  refused: z.record(z.enum(dumpTables), z.array(uuidSchema)),
  /** Evaluations that wait in their validators' queues since. */
  queued: countSchema,
})
/** How far an import is: written after each batch, when everything that it tells is stored. */
export type ImportLedger = z.infer<typeof ledgerSchema>

const FILE = 'ledger.json'

/** The ledger in a folder, or null before the first import. @throws InputError for one that cannot be read. */
export async function readLedger(folder: string): Promise<ImportLedger | null> {
  const path = join(folder, FILE)
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  try {
    return ledgerSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new InputError({
      field: path,
      problem: 'cannot be read',
      hint: 'begin anew with --restart: rows that are stored stay as they are',
      cause,
    })
  }
}

/** Puts the ledger in place of the one before, as a whole. */
export async function writeLedger(folder: string, ledger: ImportLedger): Promise<void> {
  const path = join(folder, FILE)
  await writeFile(`${path}.new`, JSON.stringify(ledger), { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** What an import goes on with. */
export type LedgerSubject = Pick<ImportLedger, 'stores' | 'options'> &
  Readonly<{ files: Readonly<Record<DumpTable, Pick<LedgerTable, 'name' | 'size' | 'sha256'>>> }>

/** The ledger of an import that has not read a row yet. */
export function newLedger({ stores, options, files }: LedgerSubject, now: Date): ImportLedger {
  const fresh = (table: DumpTable): LedgerTable => ({
    ...files[table],
    bytes: 0,
    lines: 0,
    rows: 0,
    stored: 0,
    bad: 0,
    isDone: false,
  })
  return {
    format: 1,
    stores,
    options,
    startedAt: now.toISOString(),
    tables: {
      agents: fresh('agents'),
      agent_versions: fresh('agent_versions'),
      evaluations: fresh('evaluations'),
      evaluation_runs: fresh('evaluation_runs'),
      weights_history: fresh('weights_history'),
    },
    badBytes: 0,
    refused: { agents: [], agent_versions: [], evaluations: [], evaluation_runs: [], weights_history: [] },
    queued: 0,
  }
}

/** Refuses to go on with something else than what was begun. @throws InputError naming the file or flag. */
export function checkLedger(ledger: ImportLedger, { stores, options, files }: LedgerSubject): void {
  const hint = 'put it back as it was, or begin anew with --restart: rows that are stored stay as they are'
  for (const table of dumpTables) {
    const [begun, found] = [ledger.tables[table], files[table]]
    if (begun.sha256 === found.sha256 && begun.name === found.name) continue
    const problem = `is another file than the one of which ${begun.rows} rows are imported`
    throw new InputError({ field: found.name, problem, hint })
  }
  for (const [flag, value] of Object.entries(options)) {
    const begun = ledger.options[flag]
    if (begun === value) continue
    throw new InputError({
      field: flag,
      value,
      problem: `is not how this import was begun, which was ${begun}`,
      hint,
    })
  }
  if (ledger.stores !== stores) {
    throw new InputError({ field: 'the stores', value: stores, problem: `were ${ledger.stores}`, hint })
  }
}
