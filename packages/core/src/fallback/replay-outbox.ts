import type { OutboxEntry } from '../models/outbox-entry.ts'
import type { AgentRecordRepository } from '../repositories/agent-record-repository.ts'
import type { CallOptions } from '../repositories/call-options.ts'
import type { OutboxRepository } from '../repositories/outbox-repository.ts'
import type { Page } from '../repositories/page.ts'
import { isReplayable, orderedBy } from '../rules/outbox-rules.ts'
import { copySubjects, type SubjectReader } from './copy-subjects.ts'

/** What a replay works with. */
export interface ReplayOutboxParams {
  /** The store that decides, asked directly: a copy of a copy would be told as the truth. */
  readonly primary: SubjectReader
  /** Where the rows go. */
  readonly record: Pick<AgentRecordRepository, 'stamp' | 'putAgents' | 'putVersions' | 'putSnapshots'>
  readonly outbox: Pick<OutboxRepository, 'list' | 'remove'>
  readonly now: Date
  /** Entries to replay at most, from 1. A page of the outbox is replayed whole, so it may be up to 99 more. */
  readonly limit: number
}

/** An agent, or a snapshot, whose entries stay in the outbox since one of them could not be copied. */
export interface ReplayFailure {
  /** Whose entries: see `orderedBy`. */
  readonly orderedBy: string
  readonly error: unknown
}

/** What a replay did. */
export interface ReplayResult {
  /** Entries that were copied and taken out. */
  readonly replayed: number
  readonly failed: readonly ReplayFailure[]
  /** Entries whose write may still be under way: a later replay takes them. */
  readonly waiting: number
  /** Everything that could be replayed by now was: nothing failed, and nothing lies beyond the limit. */
  readonly isDone: boolean
}

const PAGE = 100

/**
 * Tells the record what the outbox holds. An entry says only *what* may have changed: its subject is read as it is now,
 * put as a whole row, and then the entry is removed, so that replaying again changes nothing. The stamp of the rows is
 * older than their reading and younger than the entries: so a replay that was held up, even one of another process, never
 * puts an older row over a newer one. A crash anywhere leaves entries, and the next replay begins with them. Agents come
 * before their versions; an agent that fails holds up nobody else.
 *
 * @throws StorageError when the outbox itself cannot be read; the caller's reason once its signal is aborted.
 */
export async function replayOutbox(params: ReplayOutboxParams, options?: CallOptions): Promise<ReplayResult> {
  const { outbox, now, limit } = params
  const failed: ReplayFailure[] = []
  let [replayed, waiting] = [0, 0]
  let cursor: string | null = null
  do {
    const page: Page<OutboxEntry> = await outbox.list({ limit: PAGE, cursor }, options)
    const ready = page.items.filter((entry) => isReplayable(entry, now))
    waiting += page.items.length - ready.length
    const { removed, failures } = await replayPage(params, ready, options)
    replayed += removed
    failed.push(...failures)
    cursor = page.nextCursor
  } while (cursor !== null && replayed < limit)
  return { replayed, failed, waiting, isDone: failed.length === 0 && cursor === null }
}

async function replayPage(
  { primary, record, outbox }: ReplayOutboxParams,
  ready: readonly OutboxEntry[],
  options: CallOptions | undefined,
): Promise<Readonly<{ removed: number; failures: readonly ReplayFailure[] }>> {
  if (ready.length === 0) return { removed: 0, failures: [] }
  const failures = new Map<string, unknown>()
  const fail = (of: string, error: unknown): void => {
    if (options?.signal?.aborted === true) throw options.signal.reason
    if (!failures.has(of)) failures.set(of, error)
  }
  const subjects = ready.map(({ subject }) => subject)
  await copySubjects({ primary, record, subjects, onFailure: fail }, options)
  let removed = 0
  for (const entry of ready) {
    const of = orderedBy(entry.subject)
    if (failures.has(of)) continue
    try {
      // One that was settled meanwhile stays: its write may have come after the reading.
      if (await outbox.remove({ entry }, options)) removed += 1
    } catch (error) {
      fail(of, error)
    }
  }
  return { removed, failures: [...failures].map(([of, error]) => ({ orderedBy: of, error })) }
}
