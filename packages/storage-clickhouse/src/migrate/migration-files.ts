import { createHash } from 'node:crypto'
import { access, readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

import { InputError } from '@subnetkit/core'

import { isSignificant, sqlTokens } from './sql-tokens.ts'

/** One step of a schema: one statement that may run twice. */
export interface MigrationFile {
  /** From 1, without gaps. */
  readonly number: number
  /** `0007_add_run_order.sql`. */
  readonly name: string
  readonly sql: string
  /** SHA-256 of the text in lower-case hex; line ends count as LF. */
  readonly checksum: string
}

const NAME = /^(\d{4})_[a-z][a-z0-9]*(?:_[a-z0-9]+)+\.sql$/

/**
 * The folder of a database kind (`miner`, `validator`, `benchmark`, `benchmark-miner`) inside this package, whether it
 * runs from source, installed, or bundled into an app beside an installed copy.
 */
export async function packagedMigrations(kind: string): Promise<URL> {
  if (!/^[a-z][a-z0-9-]*$/.test(kind)) throw unknownKind(kind)
  for (const root of packageRoots()) {
    const folder = new URL(`migrations/${kind}/`, root)
    if (await isThere(folder)) return folder
  }
  throw unknownKind(kind)
}

/** From `dist/` one folder up, from `src/migrate/` two; from a bundle, the installed package. */
function packageRoots(): readonly URL[] {
  const own = [new URL('../', import.meta.url), new URL('../../', import.meta.url)]
  try {
    const installed = createRequire(import.meta.url).resolve('@subnetkit/storage-clickhouse/package.json')
    return [...own, new URL('./', pathToFileURL(installed))]
  } catch {
    return own
  }
}

async function isThere(folder: URL): Promise<boolean> {
  try {
    await access(folder)
    return true
  } catch {
    return false
  }
}

function unknownKind(kind: string): InputError {
  return new InputError({
    field: 'migrations',
    value: kind,
    problem: 'is no kind of database that this package brings',
    hint: 'pass a folder of your own to migrate(), or reinstall the package if it should be there',
  })
}

/** Reads and checks all `.sql` files of a folder. Throws InputError naming the file and what is wrong with it. */
export async function readMigrations(folder: URL | string): Promise<readonly MigrationFile[]> {
  const base = typeof folder === 'string' ? pathToFileURL(`${folder.replace(/[\\/]+$/, '')}/`) : folder
  let names: readonly string[]
  try {
    names = (await readdir(base)).filter((name) => name.endsWith('.sql')).toSorted()
  } catch (cause) {
    throw new InputError({
      field: 'migrations',
      value: base.pathname,
      problem: 'cannot be read',
      hint: 'give an existing folder',
      cause,
    })
  }
  return parseMigrations(
    await Promise.all(
      names.map(async (name) => ({ name, sql: await readFile(new URL(name, base), 'utf8') })),
    ),
  )
}

/** Checks the texts of a whole history: names, numbers without gaps, a reason first, one repeatable statement each. */
export function parseMigrations(
  files: readonly { readonly name: string; readonly sql: string }[],
): readonly MigrationFile[] {
  return files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, sql }, index) => parseMigration(name, sql.replaceAll('\r\n', '\n'), index + 1))
}

function parseMigration(name: string, sql: string, expected: number): MigrationFile {
  const number = Number(NAME.exec(name)?.[1] ?? Number.NaN)
  if (Number.isNaN(number)) {
    throw faulty(
      name,
      'is not a migration name',
      'use NNNN_verb_object.sql, for example 0007_add_run_order.sql',
    )
  }
  if (number !== expected) {
    const four = String(expected).padStart(4, '0')
    throw faulty(
      name,
      `has number ${number}, but ${four} comes next`,
      'number files from 0001 without gaps or repeats',
    )
  }
  const tokens = sqlTokens(sql)
  if (tokens[0]?.kind !== 'comment' || !/\w/.test(tokens[0].text)) {
    throw faulty(name, 'does not begin with a comment', 'say in its first line why it is there')
  }
  const significant = tokens.filter(isSignificant)
  const end = significant.findIndex(({ text }) => text === ';')
  if (significant.length === 0) throw faulty(name, 'has no statement', 'write one')
  if (end >= 0 && end !== significant.length - 1) {
    throw faulty(name, 'has more than one statement', 'write one statement per file')
  }
  if (!isRepeatable(significant.map(({ text }) => text.toUpperCase()))) {
    throw faulty(name, 'may not be run twice', 'use IF NOT EXISTS, IF EXISTS or CREATE OR REPLACE')
  }
  return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
}

/**
 * Several processes may run the same file at once: creating, adding and dropping must say IF (NOT) EXISTS, and rows may
 * only be copied with the `_version` that makes the second copy replace the first.
 */
function isRepeatable(words: readonly string[]): boolean {
  const text = words.join(' ')
  if (text.startsWith('CREATE OR REPLACE ')) return true
  if (text.startsWith('CREATE ')) return /^CREATE (?:MATERIALIZED )?\w+ IF NOT EXISTS /.test(text)
  if (text.startsWith('DROP ')) return /^DROP \w+ IF EXISTS /.test(text)
  if (text.startsWith('ALTER ')) {
    const adds = text.match(/\bADD (?:COLUMN|INDEX|PROJECTION|CONSTRAINT)\b(?! IF NOT EXISTS)/)
    const drops = text.match(/\b(?:DROP|RENAME|CLEAR) (?:COLUMN|INDEX|PROJECTION|CONSTRAINT)\b(?! IF EXISTS)/)
    return adds === null && drops === null
  }
  if (text.startsWith('INSERT ')) return /^INSERT INTO .*\b_VERSION\b.* SELECT .*\b_VERSION\b/.test(text)
  return !/^(?:RENAME|EXCHANGE) /.test(text)
}

function faulty(name: string, problem: string, hint: string): InputError {
  return new InputError({ field: `migration ${name}`, problem, hint })
}
