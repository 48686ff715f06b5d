import { textTable } from '../text-table.ts'
import type { ComparedCycle } from './compare-cycles.ts'
import { alarmText } from './record-alarms.ts'
import type { RecordHealth } from './record-health.ts'

const SHOWN = 10

/** How the record stands, as a person would tell it. */
export function healthText(health: RecordHealth): string {
  const { cycles, gaps, behind, lacking, missingEpochs, tables, tableBytes, delay, crossed } = health
  const shown = lacking.slice(0, SHOWN)
  return [
    textTable(
      ['record', `of the newest ${cycles} cycles`],
      [
        ['cycles that lag behind', String(behind)],
        ['cycles without traces', String(gaps.cycles)],
        ['miners without a trace', String(gaps.miners)],
        ['epochs that are not kept', String(gaps.epochs)],
        ['inclusion to effect', delay === null ? 'never yet' : delayText(delay)],
      ],
    ),
    ...(shown.length === 0 ? [] : [textTable(['cycle', 'created', 'state', 'lacks'], shown.map(lackRow))]),
    ...(lacking.length > shown.length ? [`and ${lacking.length - shown.length} more`] : []),
    ...(missingEpochs.length === 0
      ? []
      : [`Epochs of blocks ${missingEpochs.slice(0, SHOWN).join(', ')} are gone.`]),
    textTable(
      ['table', 'rows', 'bytes'],
      [
        ...tables.map(({ table, rows, bytes }) => [table, String(rows), String(bytes)]),
        ['all', '', String(tableBytes)],
      ],
    ),
    ...crossed.map(({ name, value, limit }) => `Warning: ${alarmText(name, value, limit)}.`),
    crossed.length === 0 ? 'All within the thresholds of stats.record.' : wayOut(lacking),
  ].join('\n')
}

function delayText({ latest, most }: Readonly<{ latest: number; most: number }>): string {
  return `${latest} blocks, at most ${most}`
}

function lackRow({ cycle, isBehind, missingTraces, canBeTraced }: ComparedCycle): readonly string[] {
  const traces = `${missingTraces} traces${canBeTraced ? '' : ', whose scores are gone'}`
  return [
    cycle.cycleId,
    cycle.createdAt.toISOString(),
    cycle.state,
    [...(isBehind ? ['its state'] : []), ...(missingTraces > 0 ? [traces] : [])].join('; '),
  ]
}

function wayOut(lacking: readonly ComparedCycle[]): string {
  const canHelp = lacking.some(({ isBehind, canBeTraced }) => isBehind || canBeTraced)
  return canHelp
    ? 'Next: the record is caught up by validator weights submit or watch.'
    : 'Next: nothing fills these gaps any more; they leave with the cycles, or set warnAbove in stats.record.'
}
