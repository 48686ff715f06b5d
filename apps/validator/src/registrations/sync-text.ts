import { shortHotkey } from '../plain-table.ts'
import { showCell } from '../text-table.ts'
import type { SyncFailure, SyncStep } from './failure-list.ts'
import type { RegistrationChange, UnknownNeuron } from './plan-registrations.ts'
import type { SyncReport } from './sync-registrations.ts'

/** Unknown neurons that are named; the rest is counted. */
const NAMED = 5

const stepNames = {
  registry: 'the registry',
  record: 'the record',
  task_scores: 'its scores in the record',
  miner_performances: 'its statistics in the record',
  settle: 'the note that its record is right',
} as const satisfies Record<SyncStep, string>

/** A sync for a person: what changed, what was put right, what failed, and what to do. */
export function syncText(report: SyncReport, isDryRun = false): string {
  const { netuid, blockNumber, refusal, changes, newcomers, unchanged, settled, waiting, failures } = report
  const lines = [
    ...(refusal === null
      ? [
          `Subnet ${netuid} at block ${blockNumber ?? 0}: ${counted(changes.length, 'miner')} changed, ${unchanged} as before.`,
        ]
      : [`The registry is as it was: ${showCell(refusal.why)}.`, `Next: ${refusal.wayOut}`]),
    ...changes.map((change) => `  ${changeText(change)}`),
    ...newcomerLines(newcomers),
    ...settled.map(
      ({ hotkey, uid, withdrawnScores, buriedPeriods }) =>
        `  ${shortHotkey(hotkey)} at uid ${uid}: ${counted(withdrawnScores, 'score')} withdrawn, ${counted(buriedPeriods, 'period')} closed`,
    ),
    ...failures.map((failure) => `  failed: ${failureText(failure)}`),
    ...(waiting > 0
      ? [`${counted(waiting, 'uid')} left by miners ${waiting === 1 ? 'waits' : 'wait'} for the next sync.`]
      : []),
    ...(isDryRun ? ['A dry run: nothing is stored.'] : []),
  ]
  return lines.join('\n')
}

function changeText({ kind, hotkey, from, to, heldBy }: RegistrationChange): string {
  const name = shortHotkey(hotkey)
  const successor = heldBy === null ? '' : `; uid ${from ?? ''} is ${shortHotkey(heldBy)} now`
  switch (kind) {
    case 'moved':
      return `${name} is at uid ${to ?? ''}, not at ${from ?? 'none'}${successor}`
    case 'replaced':
    case 'gone':
      return `${name} is deregistered${from === null ? '' : ` from uid ${from}`}${successor}`
    case 'returned':
      return `${name} is back, at uid ${to ?? ''}`
    case 'reregistered':
      return `${name} took uid ${to ?? ''} anew`
    case 'joined':
      return `${name} is found on chain, at uid ${to ?? ''}`
    case 'coldkey':
      return `${name} at uid ${to ?? ''} has another coldkey`
    default:
      return kind satisfies never
  }
}

function newcomerLines(newcomers: readonly UnknownNeuron[]): readonly string[] {
  const miners = newcomers.filter(({ hasPermit }) => !hasPermit)
  if (miners.length === 0) return []
  const named = miners.slice(0, NAMED).map(({ uid, hotkey }) => `${shortHotkey(hotkey)} (uid ${uid})`)
  const more = miners.length > NAMED ? ` and ${miners.length - NAMED} more` : ''
  return [
    `Not known here, so never asked: ${named.join(', ')}${more}.`,
    'Next: validator miners add HOTKEY --help, for those that serve a model',
  ]
}

function failureText({ step, hotkey, uid, message }: SyncFailure): string {
  const who = hotkey === null ? '' : `${shortHotkey(hotkey)}${uid === null ? '' : ` at uid ${uid}`}, `
  return `${who}${stepNames[step]}: ${showCell(message)}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
