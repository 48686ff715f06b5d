import type { OutboxEntry, OutboxSubject } from '../models/outbox-entry.ts'

/**
 * How old a pending entry must be, in ms, before it is taken for one whose writer died. Far more than any call may take,
 * and than clocks differ: a write that lands after its entry was removed would never reach the other store.
 */
export const PENDING_GRACE_MS = 300_000

/** Whose entries are told in their order: an agent's own and its versions'; a snapshot waits for nothing. */
export function orderedBy(subject: OutboxSubject): string {
  return subject.kind === 'snapshot' ? subject.snapshotId : subject.agentId
}

/** One text for each subject. */
export function subjectKey(subject: OutboxSubject): string {
  switch (subject.kind) {
    case 'agent':
      return `agent ${subject.agentId}`
    case 'version':
      return `version ${subject.versionId}`
    case 'snapshot':
      return `snapshot ${subject.snapshotId}`
  }
}

/** Whether what the entry is about can be read by now: its write was answered, or cannot be under way any more. */
export function isReplayable(entry: OutboxEntry, now: Date): boolean {
  return entry.state === 'settled' || now.getTime() - entry.putAt.getTime() > PENDING_GRACE_MS
}
