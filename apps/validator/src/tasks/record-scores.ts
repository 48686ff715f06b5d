import {
  type CallOptions,
  isDeregistered,
  type MinerRepository,
  type MinerScore,
  type MinerScoreRepository,
  type ScoreSnapshot,
  type TaskScore,
} from '@subnetkit/core'

import { allItems } from '../all-items.ts'
import { minerName } from '../performance/performance-input.ts'
import type { RecordRepositories } from '../ports/record-store.ts'
import { readAllMiners } from '../scoring/scored-miners.ts'
import { snapshotScores } from '../scoring/snapshot-scores.ts'

/** What scores are read from, and the record that they go to. */
export interface RecordScoresDeps {
  readonly minerScores: Pick<MinerScoreRepository, 'list' | 'listSnapshots'>
  readonly miners: Pick<MinerRepository, 'list'>
  readonly taskScores: Pick<RecordRepositories['taskScores'], 'listEvents' | 'put'>
}

/** What of the published scores went into the record. */
export interface RecordedScores {
  /** Snapshots that were not there, or not whole. */
  readonly snapshots: number
  /** Rows stored: one for each of their miners and tasks. */
  readonly rows: number
  /** Miners of them that have no row, because they had no uid or have lost it. */
  readonly leftOut: number
}

/**
 * Puts published scores into the record: a snapshot is one event of each environment. Goes back from the newest snapshot
 * to the first that is there already, and stores the oldest first, so that what a failure left out is caught up by the
 * next call, and a snapshot that is there means that those before it are. The same again replaces.
 */
export async function recordScores(
  deps: RecordScoresDeps,
  { netuid, now }: Readonly<{ netuid: number; now: Date }>,
  options?: CallOptions,
): Promise<RecordedScores> {
  const atUid = await minersAtUids(deps.miners, options)
  const missing: ScoreSnapshot[] = []
  const snapshots = allItems<ScoreSnapshot>((page) =>
    deps.minerScores.listSnapshots({ now, ...page }, options),
  )
  for await (const snapshot of snapshots) {
    if (await isRecorded(deps, { netuid, now, snapshot, atUid }, options)) break
    missing.push(snapshot)
  }
  let rows = 0
  let leftOut = 0
  for (const snapshot of missing.toReversed()) {
    const scores = taskScores(snapshotScores(deps.minerScores, { snapshot, now }, options), {
      netuid,
      snapshot,
      atUid,
      onLeftOut: () => {
        leftOut += 1
      },
    })
    rows += (await deps.taskScores.put({ scores }, options)).rows
  }
  return { snapshots: missing.length, rows, leftOut }
}

async function minersAtUids(
  miners: Pick<MinerRepository, 'list'>,
  options: CallOptions | undefined,
): Promise<ReadonlySet<string>> {
  const all = await readAllMiners(miners, options)
  return new Set(
    all.flatMap((miner) =>
      miner.uid === null || isDeregistered(miner) ? [] : [minerName(miner.uid, miner.hotkey)],
    ),
  )
}

/** Whether every task has its event, with the miners that have not lost their uid since: what those got is withdrawn. */
async function isRecorded(
  { minerScores, taskScores: record }: RecordScoresDeps,
  params: Readonly<{ netuid: number; now: Date; snapshot: ScoreSnapshot; atUid: ReadonlySet<string> }>,
  options: CallOptions | undefined,
): Promise<boolean> {
  const { netuid, now, snapshot, atUid } = params
  const expected = new Map<string, number>()
  for await (const score of snapshotScores(minerScores, { snapshot, now }, options)) {
    if (!isAtUid(score, atUid)) continue
    for (const task of Object.keys(score.scoresByEnvironment)) {
      expected.set(task, (expected.get(task) ?? 0) + 1)
    }
  }
  const { validatorHotkey, calculatedAt: from, snapshotId } = snapshot
  const to = new Date(from.getTime() + 1)
  for (const [taskName, miners] of expected) {
    const events = await record.listEvents(
      { netuid, validatorHotkey, taskName, from, to, limit: 1_000 },
      options,
    )
    const event = events.find(({ taskId }) => taskId === snapshotId)
    if (event === undefined || event.miners < miners) return false
  }
  return expected.size > 0
}

function isAtUid({ uid, minerHotkey }: MinerScore, atUid: ReadonlySet<string>): boolean {
  return uid !== null && atUid.has(minerName(uid, minerHotkey))
}

async function* taskScores(
  scores: AsyncIterable<MinerScore>,
  params: Readonly<{
    netuid: number
    snapshot: ScoreSnapshot
    atUid: ReadonlySet<string>
    onLeftOut: () => void
  }>,
): AsyncGenerator<TaskScore, void, void> {
  const { netuid, snapshot, atUid, onLeftOut } = params
  const { validatorHotkey, snapshotId: taskId, calculatedAt: scoredAt } = snapshot
  for await (const miner of scores) {
    const { uid, minerHotkey: hotkey, scoresByEnvironment } = miner
    if (uid === null || !isAtUid(miner, atUid)) {
      onLeftOut()
      continue
    }
    for (const [taskName, { score, sampleCount }] of Object.entries(scoresByEnvironment)) {
      yield {
        netuid,
        validatorHotkey,
        taskName,
        taskId,
        uid,
        hotkey,
        score: sampleCount === 0 ? null : score,
        status: 'completed',
        scoredAt,
      }
    }
  }
}
