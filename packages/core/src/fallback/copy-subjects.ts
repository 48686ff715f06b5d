import { isStorageError } from '../errors/storage-error.ts'
import type { OutboxSubject } from '../models/outbox-entry.ts'
import type { AgentRecordRepository, RecordPutParams } from '../repositories/agent-record-repository.ts'
import type { CallOptions } from '../repositories/call-options.ts'
import type { Repositories } from '../repositories/repositories.ts'
import { orderedBy, subjectKey } from '../rules/outbox-rules.ts'

/** Where subjects are read as they are now. */
export interface SubjectReader {
  readonly agents: Pick<Repositories['agents'], 'find'>
  readonly agentVersions: Pick<Repositories['agentVersions'], 'find'>
  readonly weightsSnapshots: Pick<Repositories['weightsSnapshots'], 'find'>
}

/** What is copied, and where to. */
export interface CopySubjectsParams {
  readonly primary: SubjectReader
  readonly record: Pick<AgentRecordRepository, 'stamp' | 'putAgents' | 'putVersions' | 'putSnapshots'>
  readonly subjects: readonly OutboxSubject[]
  /** Told of an agent's (or a snapshot's) first failure and every further one; may throw to end it all. */
  readonly onFailure: (orderedBy: string, error: unknown) => void
}

const READS_AT_ONCE = 8

/**
 * Reads subjects where they are decided and puts them into the record as whole rows, agents first; one that is not there
 * (its write was refused, or never came) leaves nothing to put.
 */
export async function copySubjects(params: CopySubjectsParams, options?: CallOptions): Promise<void> {
  const { primary, record, onFailure } = params
  // Before anything is read: see `AgentRecordRepository.stamp`.
  const stamp = record.stamp()
  const subjects = [...new Map(params.subjects.map((subject) => [subjectKey(subject), subject])).values()]
  const failed = new Set<string>()
  const fail = (of: string, error: unknown): void => {
    failed.add(of)
    onFailure(of, error)
  }
  const copy = async <Kind extends OutboxSubject['kind'], Row>(
    chosen: readonly Extract<OutboxSubject, { kind: Kind }>[],
    find: (subject: Extract<OutboxSubject, { kind: Kind }>) => Promise<Row | null>,
    put: (rows: readonly Row[], stamped: RecordPutParams) => Promise<unknown>,
  ): Promise<void> => {
    const found = await readRows(
      chosen.filter((subject) => !failed.has(orderedBy(subject))),
      find,
      fail,
    )
    await putRows(found, async (rows) => put(rows, { stamp }), fail)
  }
  await copy(
    subjects.filter((subject) => subject.kind === 'agent'),
    async (subject) => primary.agents.find(subject, options),
    async (agents, stamped) => record.putAgents({ agents, ...stamped }, options),
  )
  await copy(
    subjects.filter((subject) => subject.kind === 'version'),
    async (subject) => primary.agentVersions.find(subject, options),
    async (versions, stamped) => record.putVersions({ versions, ...stamped }, options),
  )
  await copy(
    subjects.filter((subject) => subject.kind === 'snapshot'),
    async ({ snapshotId }) => primary.weightsSnapshots.find({ id: snapshotId }, options),
    async (snapshots, stamped) => record.putSnapshots({ snapshots, ...stamped }, options),
  )
}

type Fail = (orderedBy: string, error: unknown) => void
type Found<Row> = readonly Readonly<{ of: string; row: Row }>[]

async function readRows<Subject extends OutboxSubject, Row>(
  subjects: readonly Subject[],
  find: (subject: Subject) => Promise<Row | null>,
  fail: Fail,
): Promise<Found<Row>> {
  const found: { of: string; row: Row }[] = []
  const queue = subjects.values()
  const work = async (): Promise<void> => {
    for (const subject of queue) {
      const of = orderedBy(subject)
      try {
        const row = await find(subject)
        if (row !== null) found.push({ of, row })
      } catch (error) {
        fail(of, error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, subjects.length) }, work))
  return found
}

/** All at once; when the record refuses them, one by one, so that a row that it cannot take holds up no other. */
async function putRows<Row>(
  found: Found<Row>,
  put: (rows: readonly Row[]) => Promise<unknown>,
  fail: Fail,
): Promise<void> {
  if (found.length === 0) return
  try {
    await put(found.map(({ row }) => row))
  } catch (error) {
    const isRefused = isStorageError(error, 'invalid_input') && found.length > 1
    for (const { of, row } of found) {
      if (isRefused) await put([row]).catch((refusal: unknown) => fail(of, refusal))
      else fail(of, error)
    }
  }
}
