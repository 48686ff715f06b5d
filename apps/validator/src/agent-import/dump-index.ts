import type { Agent, AgentVersion, Evaluation, WeightsSnapshot } from '@subnetkit/core'

import type { DumpTable } from './dump-tables.ts'
import { IndexEntries, newEntry, ownText, type Entry } from './index-entries.ts'
import { RowProblem } from './row-problem.ts'
import { isUnfinished, type RunsEvaluation } from './settle-evaluation.ts'

/** The tables whose rows others name, or that are few. */
export type IndexedTable = Exclude<DumpTable, 'evaluation_runs'>

/** Which of two agents of a hotkey is kept, by when they were created. */
export type OnDuplicate = 'oldest' | 'newest'

interface AgentEntry extends Entry {
  /** By number: the version that has it. */
  readonly numbers: Map<number, VersionEntry>
}

interface VersionEntry extends Entry {
  readonly agent: AgentEntry | null
  /** By validator: the evaluation that counts. */
  readonly validators: Map<string, EvaluationEntry>
}

interface EvaluationEntry extends Entry, Pick<Evaluation, 'status'> {
  readonly version: VersionEntry | null
  /** In ms; −1 for never. */
  readonly finishedAtMs: number
}

/**
 * What rows of a dump have to know of each other: first all rows of a table are noted, in the order of tables, then each
 * is judged. It is kept in memory: some 300 bytes for each agent, version, evaluation and snapshot, nothing of runs.
 */
export class DumpIndex {
  readonly #onDuplicate: OnDuplicate
  readonly #isHistory: boolean
  readonly #agents = new IndexEntries<AgentEntry>()
  readonly #versions = new IndexEntries<VersionEntry>()
  readonly #evaluations = new IndexEntries<EvaluationEntry>()
  readonly #snapshots = new IndexEntries<Entry>()
  readonly #hotkeys = new Map<string, AgentEntry>()
  readonly #validators = new Map<string, string>()

  constructor(options: Readonly<{ onDuplicate: OnDuplicate; isHistory: boolean }>) {
    this.#onDuplicate = options.onDuplicate
    this.#isHistory = options.isHistory
  }

  noteAgent({ agentId, minerHotkey, createdAt }: Agent, line: number): void {
    const entry: AgentEntry = { ...newEntry(agentId, line, createdAt), numbers: new Map() }
    if (!this.#agents.add(entry)) return
    const holder = this.#hotkeys.get(minerHotkey)
    const isNewest = this.#onDuplicate === 'newest'
    const isBetter = (other: AgentEntry): boolean => isOlder(entry, other) !== isNewest
    if (takesPlace(entry, holder, isBetter)) this.#hotkeys.set(ownText(minerHotkey), entry)
  }

  noteVersion({ versionId, agentId, versionNum, createdAt }: AgentVersion, line: number): void {
    const agent = this.#agents.find(agentId)
    const entry: VersionEntry = { ...newEntry(versionId, line, createdAt), agent, validators: new Map() }
    if (!this.#versions.add(entry)) return
    const holder = agent?.numbers.get(versionNum)
    if (takesPlace(entry, holder, (other) => isOlder(entry, other))) agent?.numbers.set(versionNum, entry)
  }

  noteEvaluation(evaluation: Evaluation, line: number): void {
    const { evaluationId, versionId, validatorHotkey, status, createdAt, finishedAt } = evaluation
    const version = this.#versions.find(versionId)
    const finishedAtMs = finishedAt?.getTime() ?? -1
    const own = newEntry(evaluationId, line, createdAt)
    const entry: EvaluationEntry = { ...own, version, status, finishedAtMs }
    if (!this.#evaluations.add(entry)) return
    const holder = version?.validators.get(validatorHotkey)
    // A verdict is worth more than an earlier place in the queue.
    const isBetter = (other: EvaluationEntry): boolean => {
      const isCompleted = status === 'completed'
      return isCompleted === (other.status === 'completed') ? isOlder(entry, other) : isCompleted
    }
    if (takesPlace(entry, holder, isBetter)) {
      version?.validators.set(this.#ownValidator(validatorHotkey), entry)
    }
  }

  noteSnapshot({ id, timestamp }: WeightsSnapshot, line: number): void {
    this.#snapshots.add(newEntry(id, line, timestamp))
  }

  /** @throws RowProblem, as all judgements do. */
  judgeAgent({ agentId, minerHotkey }: Agent, line: number): void {
    const entry = this.#agents.require('agent_id', agentId, line)
    const holder = this.#hotkeys.get(minerHotkey)
    if (entry.hasPlace || holder === undefined) return
    throw new RowProblem({
      field: 'miner_hotkey',
      value: minerHotkey,
      why: `has the agent ${holder.id} of line ${holder.line} too, and the ${this.#onDuplicate} of them is kept`,
      wayOut: 'choose with --on-duplicate, or give its versions to the agent that is kept',
    })
  }

  judgeVersion({ versionId, agentId, versionNum }: AgentVersion, line: number): void {
    const entry = this.#versions.require('version_id', versionId, line)
    if (!isKeptAgent(entry.agent)) throw orphan('agent_id', agentId, 'agents')
    const holder = entry.agent?.numbers.get(versionNum)
    if (entry.hasPlace || holder === undefined) return
    throw new RowProblem({
      field: 'version_num',
      value: versionNum,
      why: `is the number of version ${holder.id} of line ${holder.line} too, and the older of them is kept`,
      wayOut: 'give it a number that its agent does not have',
    })
  }

  judgeEvaluation({ evaluationId, versionId, validatorHotkey }: Evaluation, line: number): void {
    const entry = this.#evaluations.require('evaluation_id', evaluationId, line)
    if (!isKeptVersion(entry.version)) throw orphan('version_id', versionId, 'agent_versions')
    const holder = entry.version?.validators.get(validatorHotkey)
    if (entry.hasPlace || holder === undefined) return
    throw new RowProblem({
      field: 'validator_hotkey',
      value: validatorHotkey,
      why: `judged the version in evaluation ${holder.id} of line ${holder.line} too, which is kept`,
      wayOut: 'leave one evaluation for each version and validator',
    })
  }

  judgeSnapshot({ id }: WeightsSnapshot, line: number): void {
    this.#snapshots.require('id', id, line)
  }

  /** The evaluation that a run belongs to. @throws RowProblem when it is not imported. */
  evaluationOf(evaluationId: string): RunsEvaluation {
    const entry = this.#evaluations.find(evaluationId)
    if (entry === null || !isKeptEvaluation(entry)) {
      throw orphan('evaluation_id', evaluationId, 'evaluations')
    }
    const { status, finishedAtMs } = entry
    const isQueued = !this.#isHistory && isUnfinished(entry)
    return { status, finishedAt: finishedAtMs === -1 ? null : new Date(finishedAtMs), isQueued }
  }

  /** The store has no place for it: nothing that belongs to it is imported either. */
  refuse(table: IndexedTable, id: string): void {
    this.#entries(table).refuse(id)
  }

  /** The ids of what is imported. */
  *keptIds(table: IndexedTable): Generator<string, void, void> {
    if (table === 'agents') yield* this.#agents.ids(isKeptAgent)
    if (table === 'agent_versions') yield* this.#versions.ids(isKeptVersion)
    if (table === 'evaluations') yield* this.#evaluations.ids(isKeptEvaluation)
    if (table === 'weights_history') yield* this.#snapshots.ids(({ isRefused }) => !isRefused)
  }

  #entries(table: IndexedTable): Readonly<{ refuse(id: string): void }> {
    if (table === 'agents') return this.#agents
    if (table === 'agent_versions') return this.#versions
    return table === 'evaluations' ? this.#evaluations : this.#snapshots
  }

  #ownValidator(hotkey: string): string {
    const known = this.#validators.get(hotkey) ?? ownText(hotkey)
    this.#validators.set(known, known)
    return known
  }
}

/** Of two rows for one place the better one gets it. */
function takesPlace<Kind extends Entry>(
  entry: Kind,
  holder: Kind | undefined,
  isBetter: (holder: Kind) => boolean,
): boolean {
  entry.hasPlace = holder === undefined || isBetter(holder)
  if (entry.hasPlace && holder !== undefined) holder.hasPlace = false
  return entry.hasPlace
}

function isOlder(entry: Entry, other: Entry): boolean {
  if (entry.createdAtMs !== other.createdAtMs) return entry.createdAtMs < other.createdAtMs
  return entry.id < other.id
}

function isKeptAgent(agent: AgentEntry | null): boolean {
  return agent !== null && agent.hasPlace && !agent.isRefused
}

function isKeptVersion(version: VersionEntry | null): boolean {
  return version !== null && version.hasPlace && !version.isRefused && isKeptAgent(version.agent)
}

function isKeptEvaluation(entry: EvaluationEntry): boolean {
  return entry.hasPlace && !entry.isRefused && isKeptVersion(entry.version)
}

function orphan(field: string, value: string, table: string): RowProblem {
  return new RowProblem({
    field,
    value,
    why: `names no row of ${table} that is imported`,
    wayOut: `add that row to ${table}, or correct what is listed about it`,
  })
}
