import type { ExecutionMarks } from './run-marks.ts'
import { utcMinute } from './utc-minute.ts'

/** An evaluation in one line. */
export function executionText({ evaluation, marks, version }: ExecutionMarks): string {
  const { createdAt, status, validatorHotkey } = evaluation
  const solved = marks.filter(({ state }) => state === 'solved').length
  const open = marks.filter(({ state }) => state === 'open').length
  const runs = marks.length === 0 ? 'no runs' : `${solved} of ${marks.length} problems solved`
  const still = open === 0 ? '' : `, ${open} open`
  return `version ${version.versionNum} by ${validatorHotkey}: ${status}, ${runs}${still} (${utcMinute(createdAt)} UTC)`
}
