import { InputError, type TaskScore } from '@subnetkit/core'

import { expandScoreArray, type ExpandedScores, type ExpandScoreArrayOptions } from './expand-score-array.ts'

/** How lines of old rows become scores. */
export interface TaskScoresFromLinesOptions extends ExpandScoreArrayOptions {
  /** Told of each event: what it gave, and for whom nobody is known. */
  readonly onEvent?: (event: ExpandedScores) => void
  /** Told of a line that cannot be read, of which nothing is given; without it such a line ends the import. */
  readonly onBadLine?: (problem: BadLine) => void
}

/** A line that cannot be read. */
export interface BadLine {
  /** From 1. */
  readonly line: number
  readonly message: string
}

/**
 * Old rows of `score_table`, one JSON object a line, as scores to put: one line at a time, so that memory does not grow
 * with the file. Empty lines are passed over; a bare NaN, which Python writes, is "no score".
 *
 * @throws InputError naming subject and line of what cannot be read, unless `onBadLine` takes it. Scores of the lines
 *   before it may be stored by then; importing again replaces them by themselves.
 */
export async function* taskScoresFromLines(
  lines: AsyncIterable<string>,
  { onEvent, onBadLine, ...options }: TaskScoresFromLinesOptions,
): AsyncGenerator<TaskScore, void, void> {
  let number = 0
  for await (const line of lines) {
    number += 1
    if (line.trim() === '') continue
    const subject = `${options.subject}, line ${number}`
    const expanded = expanding(line, { ...options, subject })
    if (expanded instanceof InputError) {
      if (onBadLine === undefined) throw expanded
      onBadLine({ line: number, message: expanded.message })
      continue
    }
    onEvent?.(expanded)
    yield* expanded.scores
  }
}

function expanding(line: string, options: ExpandScoreArrayOptions): ExpandedScores | InputError {
  try {
    return expandScoreArray(parseLine(line, options.subject), options)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

function parseLine(line: string, subject: string): unknown {
  const plain = parsed(line)
  if (!(plain instanceof SyntaxError)) return plain
  const again = parsed(line.replaceAll(/(?<=[[,:]\s*)NaN(?=\s*[,\]}])/g, 'null'))
  if (!(again instanceof SyntaxError)) return again
  throw new InputError({
    field: subject,
    problem: 'is not JSON',
    hint: 'give one JSON object a line',
    cause: plain,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}
