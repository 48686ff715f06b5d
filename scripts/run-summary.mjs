import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * @typedef {object} Task one task of turbo's run summary, as far as we read it
 * @property {string} taskId
 * @property {string} task
 * @property {string} directory
 * @property {readonly string[] | null} outputs
 * @property {{ status: string }} cache
 * @property {{ exitCode: number | null } | null} [execution]
 */

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} skipped full names, with the package in front
 * @property {readonly string[]} failures full names, with the package in front
 */

/**
 * Deletes the reports of earlier runs, so that each report that is read was written, or replayed, by this one.
 * @param {string} root
 * @param {string} name `test` or `soak`
 */
export function clearReports(root, name) {
  rmSync(join(root, '.turbo/runs'), { recursive: true, force: true })
  for (const folder of ['.', ...membersOf(root, 'packages'), ...membersOf(root, 'apps')]) {
    const reports = join(root, folder, '.reports')
    if (!existsSync(reports)) continue
    for (const file of readdirSync(reports)) if (file.startsWith(name)) rmSync(join(reports, file))
  }
}

/**
 * Turbo's own account of the run that has just ended.
 * @param {string} root
 * @returns {readonly Task[]} empty when turbo ended before it planned any task
 */
export function readTasks(root) {
  const folder = join(root, '.turbo/runs')
  if (!existsSync(folder)) return []
  const [file] = readdirSync(folder)
  return file === undefined ? [] : JSON.parse(readFileSync(join(folder, file), 'utf8')).tasks
}

/**
 * Sums the test reports that the tasks name as their outputs.
 * @param {string} root
 * @param {readonly Task[]} tasks
 * @returns {Counts} a failed task whose report shows no failure counts as one failure under its own name
 */
export function sumReports(root, tasks) {
  let passed = 0
  /** @type {string[]} */
  const skipped = []
  /** @type {string[]} */
  const failures = []
  for (const task of tasks) {
    const before = failures.length
    for (const output of task.outputs ?? []) {
      const file = join(root, task.directory, output)
      if (!output.startsWith('.reports/') || !existsSync(file)) continue
      const where = task.taskId.startsWith('//') ? task.task : task.directory
      for (const { name, status } of readReport(file)) {
        if (status === 'passed') passed += 1
        else (status === 'failed' ? failures : skipped).push(`${where}: ${name}`)
      }
    }
    if (hasFailed(task) && failures.length === before) failures.push(`task ${task.taskId}`)
  }
  return { passed, failed: failures.length, failures, skipped }
}

/** @param {Task} task */
export function hasFailed(task) {
  return (task.execution?.exitCode ?? 0) !== 0
}

/**
 * @param {string} file
 * @returns {readonly { name: string, status: string }[]}
 */
function readReport(file) {
  /** @type {{ testResults: { name: string, status: string, assertionResults: { fullName: string, status: string }[] }[] }} */
  const report = JSON.parse(readFileSync(file, 'utf8'))
  return report.testResults.flatMap((suite) => {
    const tests = suite.assertionResults.map(({ fullName, status }) => ({ name: fullName.trim(), status }))
    const brokeOutside = suite.status === 'failed' && !tests.some(({ status }) => status === 'failed')
    return brokeOutside ? [...tests, { name: relative(process.cwd(), suite.name), status: 'failed' }] : tests
  })
}

/**
 * The plain last line of a run.
 * @param {Pick<Counts, 'passed' | 'failed'> & { skipped: number }} counts
 */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
}

/**
 * Skips that must not be: those that name a need which this run promised, and those that name none.
 * @param {readonly string[]} skipped names such as `packages/x: suite [needs java] test`
 * @param {readonly string[]} promised needs such as `java`; none promised means that each skip is allowed
 */
export function forbiddenSkips(skipped, promised) {
  if (promised.length === 0) return []
  return skipped.filter((name) => {
    const needs = [...name.matchAll(/\[needs ([a-z0-9-]+)\]/g)].map(([, need]) => need)
    return needs.every((need) => need !== undefined && promised.includes(need))
  })
}

/**
 * @param {string} root
 * @param {string} folder
 */
function membersOf(root, folder) {
  return readdirSync(join(root, folder)).map((name) => join(folder, name))
}
