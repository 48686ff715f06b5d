import type { MigrationReport } from '../compose.ts'
import { textTable } from '../text-table.ts'

/** Whether everything that was wanted is stored: the exit code hangs on it. */
export function isComplete(report: MigrationReport): boolean {
  return report.failed === 0 && report.shardsFailed === 0 && report.shardsTaken === 0
}

/** What a migration did, for a person, and what to do about what is left. */
export function migrationSummary(
  report: MigrationReport,
  about: Readonly<{ isDryRun: boolean; seconds: number; failuresFile: string | null }>,
): string {
  const { isDryRun, seconds, failuresFile } = about
  const rate = seconds > 0 ? Math.round(report.rows / seconds) : report.rows
  const table = textTable(
    ['', 'shards', 'rows'],
    [
      ['read', `${report.shardsImported}`, `${report.rows}`],
      [isDryRun ? 'would be stored' : 'stored', '', `${report.stored}`],
      ['present already', `${report.shardsDoneBefore}`, `${report.present}`],
      ['left out as asked', '', `${report.skipped}`],
      ['failed', `${report.shardsFailed}`, `${report.failed}`],
      ['held by another import', `${report.shardsTaken}`, ''],
    ],
  )
  const windows =
    report.newestWindow === null
      ? 'No shard matches: check the prefix, --tail and --current-block.'
      : `Windows ${report.newestWindow} down to ${report.oldestWindow ?? 0}, ${report.shardsWanted} shards, ${seconds.toFixed(1)} s, ${rate} rows/s.`
  return [table, windows, ...nextSteps(report, isDryRun, failuresFile)].join('\n')
}

function nextSteps(report: MigrationReport, isDryRun: boolean, failuresFile: string | null): string[] {
  if (isDryRun) return ['Dry run: nothing was stored and the ledger was left alone.']
  const steps: string[] = []
  if (report.hitLimit) steps.push('Stopped at --max-results; the same command goes on from there.')
  if (report.failed > 0) {
    const where =
      failuresFile === null ? 'give --failures <file> to list them all' : `listed in ${failuresFile}`
    steps.push(`${report.failed} rows failed, ${where}; the next run tries their shards again.`)
  }
  if (report.shardsFailed > 0) steps.push('Some shards could not be fetched; run again.')
  if (report.shardsTaken > 0) steps.push('Another import holds some shards; run again when it has ended.')
  return steps
}
