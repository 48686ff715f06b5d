import { InputError } from '@subnetkit/core'

import { firstRoundFrom } from './quicknet.ts'

/** Blocks into the epoch of the reveal until the round is out: nobody reads weights while they still could copy them. */
const MARGIN_BLOCKS = 3
/** Milliseconds before its one chance to open that a round is out: chains of that age need so long to fetch it. */
const FETCH_MS = 72_000

/** How a chain opens the commits of an epoch. */
export interface OpeningRule {
  /** Blocks from the block in which an epoch runs to the first one that opens commits. */
  readonly opensAfter: 0 | 1
  /** `once`: a commit whose round is not there then is lost; `retried` at each block of the epoch. */
  readonly attempts: 'once' | 'retried'
}

/** What says when a commit is revealed. */
export interface RevealSchedule {
  /** The newest block, and its own time. */
  readonly blockNumber: number
  readonly at: Date
  /** Milliseconds between blocks. */
  readonly blockTime: number
  /** The block at which the next epoch runs: its own commits belong to the epoch after it. */
  readonly nextEpochBlock: number
  /** Blocks from one epoch to the next: the tempo, or one more where epochs follow the block number. */
  readonly epochLength: number
  /** Epochs from a commit to its reveal, 1–100. */
  readonly revealPeriodEpochs: number
  readonly opening: OpeningRule
}

/** When a commit that the next block takes is revealed. */
export interface Reveal {
  /** First block in which the chain opens it, when its round is out. */
  readonly block: number
  /** The drand round that opens it: out a few blocks later where the chain goes on looking for it, before otherwise. */
  readonly round: number
}

/** @throws InputError when the schedule is none: no epochs, or a period out of range. */
export function revealOf(schedule: RevealSchedule): Reveal {
  const { blockNumber, at, blockTime, nextEpochBlock, epochLength, revealPeriodEpochs, opening } = schedule
  check(
    'epoch length',
    epochLength,
    epochLength >= 1,
    'give the tempo in blocks; a subnet of tempo 0 has no epochs',
  )
  check('block time', blockTime, blockTime > 0, 'give milliseconds, for example 12000')
  check(
    'reveal period',
    revealPeriodEpochs,
    revealPeriodEpochs >= 1 && revealPeriodEpochs <= 100,
    'give 1–100 epochs',
  )
  // A commit that gets into an epoch's own block belongs to the epoch that begins there.
  const late = Math.max(0, blockNumber + 1 - nextEpochBlock + 1)
  const ahead = Math.ceil(late / epochLength) + revealPeriodEpochs - 1
  const block = nextEpochBlock + ahead * epochLength + opening.opensAfter
  const left = (block - blockNumber) * blockTime
  // Never before the block that takes the commit.
  const wait =
    opening.attempts === 'once' ? Math.max(blockTime, left - FETCH_MS) : left + MARGIN_BLOCKS * blockTime
  return { block, round: firstRoundFrom(new Date(at.getTime() + wait)) }
}

function check(field: string, value: number, isGood: boolean, hint: string): void {
  if (!isGood) throw new InputError({ field, value, problem: 'is out of range', hint })
}
