import { open } from 'node:fs/promises'

import { InputError, type CallOptions, type CycleScope, type TaskScoreRepository } from '@subnetkit/core'

import { type BadLine, taskScoresFromLines } from '../task-scores/task-scores-from-lines.ts'

/** Bad lines that are told one by one; the rest is counted. */
const MAX_LISTED = 100

/** Which old rows, whose they are, and who stood at which uid. */
export type ImportTaskScoresParams = CycleScope &
  Readonly<{
    file: string
    hotkeys: ReadonlyMap<number, string>
    /** Told how many lines were read, the bad ones included. */
    onProgress: (read: Readonly<{ done: number }>) => void
  }>

/** What an import did. */
export interface ImportedTaskScores {
  /** Lines that were stored: each is one scoring event. */
  readonly events: number
  /** Rows stored, one for each known miner and event. */
  readonly rows: number
  /** Scores at uids that no hotkey is known for: they are not stored. */
  readonly unattributed: number
  /** Lines of which nothing is stored. */
  readonly bad: number
  /** The first hundred of them. */
  readonly badLines: readonly BadLine[]
}

/**
 * Stores old rows of `score_table` from a file of JSON lines, read in bounded memory. The same file again replaces its
 * rows by themselves, so that an import that was broken off is finished by doing it again.
 *
 * @throws InputError for a file that cannot be read; StorageError.
 */
export async function importTaskScores(
  taskScores: Pick<TaskScoreRepository, 'put'>,
  params: ImportTaskScoresParams,
  options?: CallOptions,
): Promise<ImportedTaskScores> {
  const { netuid, validatorHotkey, file, hotkeys, onProgress } = params
  await using opened = await openFile(file)
  let events = 0
  let given = 0
  let unattributed = 0
  let bad = 0
  const badLines: BadLine[] = []
  const scores = taskScoresFromLines(opened.readLines(), {
    subject: file,
    netuid,
    validatorHotkey,
    hotkeys,
    onEvent: (event) => {
      options?.signal?.throwIfAborted()
      events += 1
      given += event.scores.length
      unattributed += event.unattributed.length
      onProgress({ done: events + bad })
    },
    onBadLine: (problem) => {
      bad += 1
      if (badLines.length < MAX_LISTED) badLines.push(problem)
      onProgress({ done: events + bad })
    },
  })
  const { rows } = await taskScores.put({ scores }, options)
  if (rows !== given) throw new RangeError(`${given} scores were read and ${rows} stored`)
  return { events, rows, unattributed, bad, badLines }
}

async function openFile(file: string) {
  try {
    return await open(file)
  } catch (cause) {
    throw new InputError({
      field: '--file',
      value: file,
      problem: 'cannot be read',
      hint: 'give the path of a file of JSON lines',
      cause,
    })
  }
}
