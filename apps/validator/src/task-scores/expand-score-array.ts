import { InputError, parseInput, taskScoreSchema, type TaskScore } from '@subnetkit/core'
import { z } from 'zod'

/** Places of a subnet in the old layouts: one score for each uid. */
const UIDS = 256

/** A task of the old layout, under the name that weights know. */
export interface ImportedTask {
  readonly taskName: string
  /** True where an empty place was written as 0: a 0 then is no score. */
  readonly zeroIsEmpty: boolean
}

/** The tasks that were kept as rows of 256 scores, by the names they had there. */
const planEraImportedTasks: ReadonlyMap<string, ImportedTask> = new Map([
  ['weather', { taskName: 'weather', zeroIsEmpty: true }],
  ['geomagnetic', { taskName: 'geomagnetic', zeroIsEmpty: false }],
  ['soil_moisture_region_global', { taskName: 'soil', zeroIsEmpty: false }],
])

/** Whose rows these are, and who stood where. */
export interface ExpandScoreArrayOptions {
  /** Before an error: file and line, for example. */
  readonly subject: string
  readonly netuid: number
  readonly validatorHotkey: string
  /** Who held a uid at the event; a uid that is missing was held by nobody that is known. */
  readonly hotkeys: ReadonlyMap<number, string>
  /** @default the tasks of the plan era; a task of another name keeps it, and its zeros are scores */
  readonly tasks?: ReadonlyMap<string, ImportedTask>
}

/** One event of the old layout as rows. */
export interface ExpandedScores {
  /** A row for each uid whose hotkey is known, without a score too: an event in which somebody is missing stays one. */
  readonly scores: readonly TaskScore[]
  /** Uids with a score that no hotkey is known for: nobody can be given it. */
  readonly unattributed: readonly number[]
}

/** Squares of larger scores would soon be no numbers any more, and no score is one. */
const LARGEST_SCORE = 1e9

const slotSchema = z.union([z.number().min(-LARGEST_SCORE).max(LARGEST_SCORE), z.null(), z.literal('NaN')])
const rowShape = {
  task_name: taskScoreSchema.shape.taskName,
  task_id: taskScoreSchema.shape.taskId,
  created_at: z
    .string()
    .transform(toIso)
    .pipe(z.iso.datetime({ offset: true, message: 'must be a time with its zone, as 2025-07-23T10:00:00Z' })),
  status: taskScoreSchema.shape.status.nullable().default('pending'),
}
const arrayRowSchema = z.strictObject({ ...rowShape, score: z.array(slotSchema) })
const columnRowSchema = z.object(rowShape).catchall(slotSchema)

/** PostgreSQL writes a blank for the T, and zones of whole hours without minutes. */
function toIso(text: string): string {
  return text.replace(' ', 'T').replace(/[+-]\d\d$/, '$&:00')
}

/**
 * Parts an old row of `score_table` (`score` as a list of 256, or columns `uid_0_score` … `uid_255_score`) into one row
 * per miner. Null and NaN are "no score"; so is 0 in tasks that wrote empty places that way.
 *
 * @throws InputError for a row of another shape, naming task, event and the number of scores it has.
 */
export function expandScoreArray(row: unknown, options: ExpandScoreArrayOptions): ExpandedScores {
  const { subject, netuid, validatorHotkey, hotkeys, tasks = planEraImportedTasks } = options
  const { task_name, task_id, created_at, status, slots } = parseRow(row, subject)
  const task = tasks.get(task_name) ?? { taskName: task_name, zeroIsEmpty: false }
  const scores: TaskScore[] = []
  const unattributed: number[] = []
  for (const [uid, slot] of slots.entries()) {
    const score = slot === 'NaN' || (slot === 0 && task.zeroIsEmpty) ? null : slot
    const hotkey = hotkeys.get(uid)
    if (hotkey !== undefined) {
      scores.push({
        netuid,
        validatorHotkey,
        taskName: task.taskName,
        taskId: task_id,
        uid,
        hotkey,
        score,
        status: status ?? 'pending',
        scoredAt: new Date(created_at),
      })
    } else if (score !== null) {
      unattributed.push(uid)
    }
  }
  return { scores, unattributed }
}

type Slot = z.infer<typeof slotSchema>
type ParsedRow = Omit<z.infer<typeof arrayRowSchema>, 'score'> & { readonly slots: readonly Slot[] }

function parseRow(row: unknown, subject: string): ParsedRow {
  if (typeof row === 'object' && row !== null && 'score' in row) {
    const { score, ...rest } = parseInput(arrayRowSchema, row, { subject })
    if (score.length !== UIDS) throw wrongLength(rest, subject, score.length)
    return { ...rest, slots: score }
  }
  const { task_name, task_id, created_at, status, ...columns } = parseInput(columnRowSchema, row, { subject })
  const slots: Slot[] = []
  for (let uid = 0; uid < UIDS; uid += 1) {
    const slot = columns[`uid_${uid}_score`]
    if (slot !== undefined) slots.push(slot)
  }
  if (slots.length !== UIDS || Object.keys(columns).length !== UIDS) {
    throw wrongLength({ task_name, task_id }, subject, Object.keys(columns).length)
  }
  return { task_name, task_id, created_at, status, slots }
}

function wrongLength(
  { task_name, task_id }: { readonly task_name: string; readonly task_id: string },
  subject: string,
  length: number,
): InputError {
  return new InputError({
    field: `${subject}: scores of ${task_name} ${task_id}`,
    value: length,
    problem: `is not the number of scores that a row has`,
    hint: `give ${UIDS}, one for each uid, as the list "score" or as columns uid_0_score to uid_${UIDS - 1}_score`,
  })
}
