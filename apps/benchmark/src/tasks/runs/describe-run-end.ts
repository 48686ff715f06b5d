import type { SandboxRunResult } from '../../ports/sandbox.ts'

const MAX_MESSAGE = 2_000
const LOG_LINES = 10
const LINE_LENGTH = 200

/** A run that did not end well, for its miner: how it ended, and the last lines of what it printed. */
export function describeRunEnd(
  result: Pick<SandboxRunResult, 'end' | 'exitCode' | 'executionMs' | 'log'>,
): string {
  const lines = lastLines(result.log)
  const printed = lines.length === 0 ? 'it printed nothing' : `it printed last: ${lines.join(' | ')}`
  return cut(`${howItEnded(result)}; ${printed}`)
}

function howItEnded({
  end,
  exitCode,
  executionMs,
}: Pick<SandboxRunResult, 'end' | 'exitCode' | 'executionMs'>): string {
  const seconds = (executionMs / 1_000).toFixed(1)
  switch (end) {
    case 'exited':
      return exitCode === null
        ? `the program ended without a code after ${seconds} s`
        : `the program ended with exit code ${exitCode} after ${seconds} s`
    case 'timeout':
      return `the program was stopped at the time limit, after ${seconds} s`
    case 'out_of_memory':
      return `the program was stopped after ${seconds} s because it took more memory than it may`
    case 'output_too_large':
      return `the program was stopped after ${seconds} s because it wrote more than it may`
    case 'killed':
      return `the program was killed after ${seconds} s`
    default:
      return end satisfies never
  }
}

/** Everything that could move a cursor or fake a line is a space: people read this in terminals and pages. */
function lastLines(log: string): readonly string[] {
  return log
    .split(/[\r\n]+/)
    .map((line) =>
      line
        .replaceAll(/[^\P{C}]/gu, ' ')
        .trim()
        .slice(0, LINE_LENGTH),
    )
    .filter((line) => line !== '')
    .slice(-LOG_LINES)
}

/** A half of a pair at the cut would not be text any more. */
function cut(text: string): string {
  return text.length <= MAX_MESSAGE ? text : text.slice(0, MAX_MESSAGE - 1).replace(/[\uD800-\uDBFF]$/, '')
}
