import { clearReports, countsLine, forbiddenSkips, hasFailed, readTasks, sumReports } from './run-summary.mjs'
import { root, turboRun } from './turbo-run.mjs'

/**
 * One counted run: turbo runs the tasks, then the reports are summed, skips and failures are named, and the last line
 * is `N passed, N failed`. Sets the process's exit code.
 * @param {{ report: 'test' | 'soak', tasks: readonly string[], concurrency?: string, env?: Record<string, string> }} options
 */
export async function checkedRun({ report, tasks, concurrency = '100%', env = {} }) {
  clearReports(root, report)
  const flags = [
    '--summarize',
    '--continue=dependencies-successful',
    '--output-logs=errors-only',
    `--concurrency=${concurrency}`,
  ]
  const code = await turboRun([...tasks, ...flags, ...process.argv.slice(2)], env)
  const done = readTasks(root)
  const { passed, failed, failures, skipped } = sumReports(root, done)
  const promised = (process.env['SUBNETKIT_PROMISED'] ?? '').split(',').filter((need) => need !== '')
  const forbidden = forbiddenSkips(skipped, promised)
  const failedTasks = done.filter(hasFailed).map(({ taskId }) => taskId)
  const cached = done.filter(({ cache }) => cache.status === 'HIT').length

  const lines = [
    `${done.length} tasks, ${cached} answered from the cache, ${failedTasks.length} failed`,
    ...failedTasks.map((id) => `failed task: ${id}`),
    ...failures.filter((name) => !name.startsWith('task ')).map((name) => `failed: ${name}`),
    ...skipped.map((name) => `skipped: ${name}`),
    ...forbidden.map((name) => `must not be skipped here: ${name}`),
  ]
  const isGood = code === 0 && failed === 0 && forbidden.length === 0 && done.length > 0
  if (!isGood && failed + forbidden.length === 0) lines.push(`turbo ended with exit code ${code}`)
  lines.push(
    countsLine({
      passed,
      failed: isGood ? 0 : Math.max(1, failed + forbidden.length),
      skipped: skipped.length,
    }),
  )
  process.stdout.write(`${lines.join('\n')}\n`)
  process.exitCode = isGood ? 0 : code === 130 ? 130 : 1
}
