import Table from 'cli-table3'

import type { CheckedSubmission } from '../tasks/check/check-submission.ts'
import type { PracticeJudgement } from '../tasks/check/judge-practice.ts'

/** No colours: the text reads the same on a terminal and in a file. */
const PLAIN = { head: [], border: [], compact: true }
const MIB = 1024 * 1024
const LOG_LINES = 20

/** What `check` prints. */
export function checkText(checked: CheckedSubmission): string {
  const { buildLog, commit, findings, judgement, problem, run, sandbox, step } = checked
  const isPassed = step === 'passed'
  return [
    isPassed ? `This submission works. Commit ${commit ?? ''}.` : `This submission fails at: ${step}.`,
    ...(problem === null ? [] : [`  ${problem}`]),
    ...findings.map(({ rule, path, line, message }) => {
      const place = line === null ? path : `${path}:${line}`
      return `  ${place}: ${message} (${rule})`
    }),
    ...(buildLog === null ? [] : ['What the build printed:', ...lastLines(buildLog)]),
    ...(run === null ? [] : runLines(run, sandbox)),
    ...(judgement === null ? [] : judgementLines(judgement)),
  ].join('\n')
}

function runLines(run: NonNullable<CheckedSubmission['run']>, sandbox: string): string[] {
  const memory =
    run.memoryPeakBytes === null
      ? 'memory not told by this sandbox'
      : `${(run.memoryPeakBytes / MIB).toFixed(0)} MiB of memory at most`
  const time = (run.executionMs / 1_000).toFixed(2)
  const refused = run.refused.length === 0 ? [] : [`  Not read, no regular files: ${run.refused.join(', ')}`]
  const log = lastLines(run.log)
  return [
    `Run in ${sandbox}: ${time} s, ${memory}, ${run.outputBytes.toLocaleString('en-US')} bytes written.`,
    ...refused,
    ...(log.length === 0 ? [] : ['It printed last:', ...log]),
  ]
}

function lastLines(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LOG_LINES)
    .map((line) => `  ${line}`)
}

function judgementLines({ families, outcome, refusedRows, score }: PracticeJudgement): string[] {
  const lines: string[] = []
  if (families.length > 0) {
    const table = new Table({ head: ['type', 'planted', 'reported', 'found'], style: PLAIN })
    for (const { patternType, planted, reported, found } of families)
      table.push([patternType, planted, reported, found])
    lines.push(table.toString())
  }
  if (outcome?.kind === 'patterns') {
    const { badData, expected, fabricated, found, reported } = outcome
    lines.push(
      `Found ${found} of ${expected} planted patterns with ${reported} reports; ${badData} are nothing of this world, ${fabricated} name what it does not have.`,
    )
  }
  if (outcome?.kind === 'scores') {
    const { areaUnderCurve, badData, coverage, expected, fabricated } = outcome
    lines.push(
      `Area under the curve ${areaUnderCurve}, ${(100 * coverage).toFixed(1)} % of ${expected} accounts scored; ${badData} bad rows, ${fabricated} of accounts that do not exist.`,
    )
  }
  if (refusedRows.length > 0) {
    lines.push('First rows that earned nothing:')
    for (const { row, text } of refusedRows) lines.push(`  row ${row}: ${text}`)
  }
  if (score !== null) {
    const parts = score.components.map(({ name, weight, score: part }) => `${name} ${part} × ${weight} %`)
    lines.push(`Score by the rules "${score.ruleSet}": ${score.finalScore} (${parts.join(', ')}),`)
    lines.push('as if this were the only run and the baseline were as fast.')
  }
  return lines
}
