import type { WeightCycle } from '@subnetkit/core'

import type { HeldWeights, Metagraph, WeightVector } from '../ports/chain.ts'
import { chainMaxUpscale } from '../weights/emit-weights.ts'
import { markEffective, markFailed, markIncluded, markRevealed } from './cycle-steps.ts'

/** What is seen of the chain, read after the cycle was. */
export interface CycleObservation {
  readonly held: HeldWeights
  readonly metagraph: Metagraph
  readonly now: Date
  /** Blocks after which a submission that nothing was seen of counts as lost. */
  readonly landWithin: number
}

/**
 * What a look at the chain makes of a cycle: as many steps as it proves, or none. The four checks of a landing: a block
 * has it (its receipt, or the chain's own memory of it), `lastUpdate` is not before that block, the chain holds our
 * numbers, and an epoch ran since.
 */
export function observeCycle(cycle: WeightCycle, seen: CycleObservation): WeightCycle {
  switch (cycle.state) {
    case 'submitted':
      return observeSubmitted(cycle, seen)
    case 'included':
      return observeIncluded(cycle, seen)
    case 'revealed':
      return observeRevealed(cycle, seen)
    case 'prepared':
    case 'effective':
    case 'failed':
      return cycle
  }
}

/** The answer was lost, or we died before it came: the chain remembers when we last wrote, and what. */
function observeSubmitted(cycle: WeightCycle, seen: CycleObservation): WeightCycle {
  const { held, now, landWithin } = seen
  const sentAt = submissionBlock(cycle)
  const commit = held.openCommits.find((block) => block >= sentAt)
  const isHeld = held.lastUpdate >= sentAt && sameVector(cycle, held.vector)
  const blockNumber = commit ?? (isHeld ? held.lastUpdate : null)
  if (blockNumber !== null) {
    const detail = 'found on the chain; the answer to the submission never came'
    return observeCycle(markIncluded(cycle, { now, blockNumber, extrinsicHash: null, detail }), seen)
  }
  if (held.blockNumber <= sentAt + landWithin) return cycle
  return markFailed(cycle, 'not_landed', {
    now,
    blockNumber: held.blockNumber,
    detail: `not on the chain ${held.blockNumber - sentAt} blocks after it was sent`,
  })
}

function observeIncluded(cycle: WeightCycle, seen: CycleObservation): WeightCycle {
  const { held, now } = seen
  const inclusionBlock = cycle.inclusionBlock ?? submissionBlock(cycle)
  const at = { now, blockNumber: held.blockNumber }
  if (held.blockNumber < inclusionBlock) return cycle
  if (held.lastUpdate < inclusionBlock) {
    const detail = `block ${inclusionBlock} is not part of the chain any more`
    return markFailed(cycle, 'reorganised', { ...at, detail })
  }
  if (cycle.mechanism !== 'plain' && held.openCommits.includes(inclusionBlock)) return cycle
  if (!sameVector(cycle, held.vector)) {
    // The commit is gone, or the weights are: somebody else's numbers stand there.
    if (held.lastUpdate > inclusionBlock) {
      return markFailed(cycle, 'superseded', {
        ...at,
        detail: `weights of block ${held.lastUpdate} came after`,
      })
    }
    return cycle.mechanism === 'plain'
      ? markFailed(cycle, 'vector_differs', { ...at, detail: 'the chain holds other numbers than were sent' })
      : markFailed(cycle, 'not_revealed', {
          ...at,
          detail: 'the commit is gone and our numbers are not there',
        })
  }
  const blockNumber = cycle.mechanism === 'timelocked_commit' ? openedAt(seen) : inclusionBlock
  return observeCycle(markRevealed(cycle, { now, blockNumber }), seen)
}

/**
 * Time-locked commits are opened at the start of an epoch, which then runs on them; or some blocks later, when their
 * round was late, and then it is the next epoch that runs on them.
 */
function openedAt({ held, metagraph }: CycleObservation): number {
  return held.isOfLastEpoch === false ? held.blockNumber : metagraph.epochBlock
}

function observeRevealed(cycle: WeightCycle, seen: CycleObservation): WeightCycle {
  const { held, metagraph, now } = seen
  const revealBlock = cycle.revealBlock ?? submissionBlock(cycle)
  const { epochBlock } = metagraph
  const hasRun =
    cycle.mechanism === 'timelocked_commit' ? epochBlock >= revealBlock : epochBlock > revealBlock
  if (hasRun) return markEffective(cycle, { now, blockNumber: epochBlock })
  if (sameVector(cycle, held.vector)) return cycle
  return markFailed(cycle, 'superseded', {
    now,
    blockNumber: held.blockNumber,
    detail: 'other weights replaced these before an epoch ran on them',
  })
}

/** The block that was newest when the cycle was last submitted. */
function submissionBlock(cycle: WeightCycle): number {
  const sent = cycle.steps.findLast(({ state }) => state === 'submitted')
  return sent?.blockNumber ?? cycle.blockNumber
}

/** What was sent, as the chain takes it. */
export function sentVector({ weights }: WeightCycle): WeightVector {
  const sent = weights.flatMap(({ uid, value }) =>
    uid === null || value === null || value === 0 ? [] : [{ uid, value }],
  )
  return { uids: sent.map(({ uid }) => uid), values: sent.map(({ value }) => value) }
}

/** Whether the chain holds what was sent, in its own scale, in any order. */
function sameVector(cycle: WeightCycle, held: WeightVector): boolean {
  const sent = sentVector(cycle)
  if (sent.uids.length !== held.uids.length) return false
  const scaled = chainMaxUpscale(sent.values)
  const expected = new Map(sent.uids.map((uid, at) => [uid, scaled[at]]))
  return held.uids.every((uid, at) => expected.get(uid) === held.values[at])
}
