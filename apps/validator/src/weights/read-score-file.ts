import { readFile } from 'node:fs/promises'

import { InputError, parseInput } from '@subnetkit/core'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'

import { minerColumns, type MinerColumns } from './miner-columns.ts'

const minerSchema = z.strictObject({
  uid: z.int(),
  hotkey: z.string(),
  coldkey: z.string().nullable().default(null),
  scores: z.record(z.string(), z.number().nullable()),
})
const fileSchema = z.array(minerSchema).max(1_000_000)

/** Miners and their scores by task; NaN is no score. */
export interface ScoreFile {
  readonly miners: MinerColumns
  readonly scores: ReadonlyMap<string, Float64Array>
}

/**
 * Reads scores of the named tasks from a `.json` file, a list of {uid, hotkey, coldkey, scores: {task: number or null}},
 * or from CSV with columns uid, hotkey, perhaps coldkey, and one per task; an empty cell is no score.
 * @throws InputError naming file, line or field of what does not fit.
 */
export async function readScoreFile(path: string, tasks: readonly string[]): Promise<ScoreFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  const given = path.endsWith('.json') ? parseJson(path, text) : parseCsv(path, text, tasks)
  const listed = parseInput(fileSchema, given, { subject: path })
  const known = new Set(listed.flatMap(({ scores }) => Object.keys(scores)))
  const stray = [...known].find((task) => !tasks.includes(task))
  if (stray !== undefined) {
    throw new InputError({
      field: path,
      value: stray,
      problem: 'is not a task of this rule',
      hint: `use ${tasks.join(', ')}`,
    })
  }
  return {
    miners: minerColumns(listed),
    scores: new Map(
      tasks.map((task) => [task, Float64Array.from(listed, ({ scores }) => scores[task] ?? Number.NaN)]),
    ),
  }
}

function unreadable(path: string, cause: unknown): InputError {
  return new InputError({
    field: '--scores',
    value: path,
    problem: 'cannot be read',
    hint: 'give the path of a CSV or JSON file',
    cause,
  })
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InputError({ field: path, problem: 'is not JSON', hint: 'correct it', cause })
  }
}

const cellsSchema = z.array(z.array(z.string()))

function parseCsv(path: string, text: string, tasks: readonly string[]): unknown {
  const [head = [], ...lines] = parseCells(path, text)
  return lines.map((cells, at) => {
    const scores: Record<string, number> = {}
    const miner: Record<string, unknown> = { scores }
    for (const [column, name] of head.entries()) {
      const cell = (cells[column] ?? '').trim()
      if (cell === '') continue
      if (name === 'uid') miner['uid'] = numberOf(cell, `${path} line ${at + 2}: uid`)
      else if (name === 'hotkey' || name === 'coldkey') miner[name] = cell
      else if (tasks.includes(name)) scores[name] = numberOf(cell, `${path} line ${at + 2}: ${name}`)
      else {
        throw new InputError({
          field: path,
          value: name,
          problem: 'is not a column',
          hint: `use uid, hotkey, coldkey, ${tasks.join(', ')}`,
        })
      }
    }
    return miner
  })
}

function parseCells(path: string, text: string): string[][] {
  try {
    return cellsSchema.parse(parse(text, { bom: true, skip_empty_lines: true }))
  } catch (cause) {
    throw new InputError({
      field: path,
      problem: 'is not CSV',
      hint: 'give a head line and as many cells in each line',
      cause,
    })
  }
}

function numberOf(text: string, field: string): number {
  const value = Number(text)
  if (!Number.isNaN(value)) return value
  throw new InputError({
    field,
    value: text,
    problem: 'is not a number',
    hint: 'leave the cell empty for none',
  })
}
