import type { MinerTaskRecord, MinerWeightRecord } from './miner-weight-record.ts'
import type { TaskStatistics } from './task-statistics.ts'

/** What a story is told from: a record of a computation, or as much of it as was kept. */
export type ExplainedWeight = Omit<MinerWeightRecord, 'tasks'> & {
  readonly tasks: readonly ExplainedTask[]
}

interface ExplainedTask extends Omit<MinerTaskRecord, 'statistics'> {
  readonly statistics: Pick<TaskStatistics, 'name' | 'count' | 'excellenceCut'>
}

/** One miner's way from scores to the number that is sent, as a person would tell it. */
export function explainWeight(record: ExplainedWeight): string {
  const lines = [`uid ${record.uid}, hotkey ${record.hotkey}`, ...record.tasks.map(taskLine)]
  if (record.pathway === 'none') return [...lines, 'No score that earns anything: no weight.'].join('\n')
  lines.push(
    `Diversity: the contributions × ${show(record.bonus)} for ${record.taskCount} of ${record.tasks.length} tasks make ${show(record.diversity)}.`,
    record.excellenceTask === null
      ? 'Excellence: in no task among the best, so nothing.'
      : `Excellence: ${show(record.excellence)} for being among the best in ${record.excellenceTask}.`,
    `The larger one counts, ${record.pathway}: raw weight ${show(record.raw)}.`,
  )
  if (record.clusterFactor !== 1) {
    lines.push(`${record.clusterSize} miners share the coldkey: × ${show(record.clusterFactor)}.`)
  }
  lines.push(
    `That is ${show(record.normalised)} of the best miner's raw weight${branchText(record)}.`,
    `Share of all weight: ${show(record.weight)}; sent as ${record.emitted} of 65535.`,
  )
  return lines.join('\n')
}

function taskLine({
  statistics,
  score,
  percentile,
  contribution,
  effectiveContribution,
}: ExplainedTask): string {
  const { name, count, excellenceCut } = statistics
  if (score === null) return `  ${name}: no score.`
  const rank = percentile === null ? '' : `, percentile ${show(percentile)} among ${count}`
  const cut = excellenceCut === null ? '' : ` (the best start at ${show(excellenceCut)})`
  return `  ${name}: score ${show(score)}${rank}${cut}; contributes ${show(contribution)}, in the raw weight ${show(effectiveContribution)}.`
}

function branchText({ branch, midpoint, deviation, curved }: ExplainedWeight): string {
  const spread = show(deviation ?? 0)
  if (branch === 'rank')
    return `; the curve left all alike (deviation ${spread}), so the rank decides: ${show(curved)}`
  if (branch === 'contrast')
    return `; the curve left all alike (deviation ${spread}), so contrast is added: ${show(curved)}`
  return `; the curve, half way up near ${show(midpoint ?? 0)}, makes it ${show(curved)}`
}

function show(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-6 ? value.toExponential(3) : String(Number(value.toFixed(8)))
}
