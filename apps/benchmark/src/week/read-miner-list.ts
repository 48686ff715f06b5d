import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { commitSchema, hotkeySchema, InputError, parseInput, repositoryUrlSchema } from '@subnetkit/core'
import { checkHotkey } from '@subnetkit/core/ss58'
import { z } from 'zod'

import { devHotkey } from './dev-hotkey.ts'

/** A miner as a list names it. */
export interface ListedMiner {
  /** For people: the folder's name, or the list's. */
  readonly name: string
  readonly hotkey: string
  readonly repository: string
  /** Null for the head of the default branch. */
  readonly commit: string | null
}

const MAX_LIST_BYTES = 4_000_000

const entrySchema = z.strictObject({
  name: z.string().min(1).max(64).exactOptional(),
  hotkey: hotkeySchema,
  repository: z.string().min(1).max(2_048),
  commit: commitSchema.nullable().exactOptional(),
})
const ownFileSchema = z.looseObject({ hotkey: hotkeySchema.exactOptional() })

/**
 * Reads who takes part in a week: a JSON file `[{ hotkey, repository, commit?, name? }]`, or a folder of git repositories,
 * whose hotkeys stand in `subnetkit.json` of each or follow from the folder's name. Local repositories need `isLocalAllowed`.
 *
 * @throws InputError naming the file, the entry and what is wrong with it.
 */
export async function readMinerList(
  path: string,
  { isLocalAllowed }: Readonly<{ isLocalAllowed: boolean }>,
): Promise<readonly ListedMiner[]> {
  const info = await stat(path).catch((cause: unknown) => {
    const hint = 'give a JSON file, or a folder of git repositories'
    throw new InputError({ field: '--miners', value: path, problem: 'is not there', hint, cause })
  })
  const miners = info.isDirectory() ? await readFolder(path) : await readList(path)
  if (miners.length === 0) {
    const hint = 'name at least one miner'
    throw new InputError({ field: '--miners', value: path, problem: 'names nobody', hint })
  }
  for (const { hotkey, repository, name } of miners) {
    checkHotkey(`${path}: ${name}: hotkey`, hotkey)
    if (repository.startsWith('file:') && !isLocalAllowed) {
      throw new InputError({
        field: `${path}: ${name}: repository`,
        value: repository,
        problem: 'is a folder of this machine',
        hint: 'allow that with --allow-local',
      })
    }
  }
  const repeated = miners.find(({ hotkey }, at) => miners.findIndex((one) => one.hotkey === hotkey) < at)
  if (repeated === undefined) return miners
  throw new InputError({
    field: `${path}: ${repeated.name}: hotkey`,
    value: repeated.hotkey,
    problem: 'is there more than once',
    hint: 'name each hotkey once',
  })
}

async function readList(path: string): Promise<readonly ListedMiner[]> {
  const rows = parseInput(z.array(entrySchema).max(1_000), await readJson(path), { subject: path })
  return rows.map(({ name, hotkey, repository, commit }, at) => ({
    name: name ?? `${basename(repository.replace(/\/+$/, ''))}`,
    hotkey,
    repository: toUrl(repository, dirname(path), `${path}: [${at}].repository`),
    commit: commit ?? null,
  }))
}

/** An address as it is, a path as the address of the folder. */
function toUrl(repository: string, base: string, field: string): string {
  const url = repository.includes('://') ? repository : pathToFileURL(resolve(base, repository)).href
  return parseInput(repositoryUrlSchema, url, { subject: field })
}

async function readFolder(path: string): Promise<readonly ListedMiner[]> {
  const miners: ListedMiner[] = []
  const entries = await readdir(path, { withFileTypes: true })
  for (const { name } of entries.filter((entry) => entry.isDirectory()).toSorted(byName)) {
    const folder = join(path, name)
    if (!(await isThere(join(folder, '.git')))) continue
    const own = join(folder, 'subnetkit.json')
    const { hotkey } = (await isThere(own))
      ? parseInput(ownFileSchema, await readJson(own), { subject: own })
      : {}
    const repository = toUrl(folder, '.', folder)
    miners.push({ name, hotkey: hotkey ?? devHotkey(name), repository, commit: null })
  }
  return miners
}

function byName(a: Readonly<{ name: string }>, b: Readonly<{ name: string }>): number {
  return a.name < b.name ? -1 : 1
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

async function readJson(path: string): Promise<unknown> {
  await using file = await open(path, 'r').catch((cause: unknown) => {
    throw new InputError({ field: path, problem: 'cannot be read', hint: 'make it readable', cause })
  })
  const { size } = await file.stat()
  if (size > MAX_LIST_BYTES) {
    const hint = `give at most ${MAX_LIST_BYTES} bytes`
    throw new InputError({ field: path, value: size, problem: 'is its size in bytes', hint })
  }
  const text = await file.readFile('utf8')
  try {
    return JSON.parse(text)
  } catch (cause) {
    const hint = 'write a list of { "hotkey", "repository" }'
    throw new InputError({ field: path, problem: 'is not JSON', hint, cause })
  }
}
