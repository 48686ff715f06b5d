import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

import { StorageError } from '@subnetkit/core'

import { localChainStateSchema, type LocalChainState } from './local-chain-state.ts'

const FILE = 'local-chain.json'

/** What a save has done: whoever is killed after any of them leaves the old state or the new one, never half of one. */
export const saveSteps = ['written', 'synced', 'renamed', 'folder_synced'] as const
/** One of {@link saveSteps}. */
export type SaveStep = (typeof saveSteps)[number]

/** Where a data folder keeps its local chain. */
export function chainFilePath(folder: string): string {
  return join(folder, FILE)
}

/** The chain as it was last saved, or null when there is none. @throws StorageError `corrupt_row` for another content. */
export async function readChainFile(folder: string): Promise<LocalChainState | null> {
  const path = chainFilePath(folder)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return null
    throw unavailable(path, 'cannot be read', cause)
  }
  try {
    return localChainStateSchema.decode(JSON.parse(text))
  } catch (cause) {
    throw new StorageError({
      code: 'corrupt_row',
      message: `${path}: is not a local chain of this version; remove it to begin a new chain`,
      cause,
      details: { path },
    })
  }
}

/**
 * Puts a state in the place of the last one, at once and for good. Only for who holds the chain's lock. `onStep` is told
 * of each step when it is done. @throws StorageError `unavailable` when the folder cannot be written.
 */
export async function saveChainFile(
  folder: string,
  state: LocalChainState,
  onStep: (step: SaveStep) => void = () => undefined,
): Promise<void> {
  const path = chainFilePath(folder)
  const draft = `${path}.draft`
  const text = `${JSON.stringify(localChainStateSchema.encode(state))}\n`
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeSynced(draft, text, onStep)
    await rename(draft, path)
    onStep('renamed')
    await syncFolder(folder)
    onStep('folder_synced')
  } catch (cause) {
    throw unavailable(path, 'cannot be written', cause)
  }
}

async function writeSynced(path: string, text: string, onStep: (step: SaveStep) => void): Promise<void> {
  await using file = await open(path, 'w', 0o600)
  await file.writeFile(text)
  onStep('written')
  await file.sync()
  onStep('synced')
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r')
  await folder.sync()
}

function unavailable(path: string, problem: string, cause: unknown): StorageError {
  return new StorageError({
    code: 'unavailable',
    retryable: false,
    message: `${path}: ${problem}; make its folder one that you can write to, or use another (--data-dir)`,
    cause,
    details: { path },
  })
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
