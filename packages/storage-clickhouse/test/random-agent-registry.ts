import {
  evaluationRunStatuses,
  evaluationStatuses,
  type Agent,
  type AgentVersion,
  type Evaluation,
  type EvaluationRun,
  type WeightsSnapshot,
} from '@subnetkit/core'
import {
  buildAgent,
  buildAgentVersion,
  buildEvaluation,
  buildEvaluationRun,
  buildWeightsSnapshot,
} from '@subnetkit/core/contracts'
import fc from 'fast-check'

/** All rows of an agent registry. */
export interface RegistryRows {
  readonly agents: readonly Agent[]
  readonly versions: readonly AgentVersion[]
  readonly evaluations: readonly Evaluation[]
  readonly runs: readonly EvaluationRun[]
  readonly snapshots: readonly WeightsSnapshot[]
}

/** Rows of every table and ids of every kind; each last id has no row, so that what refers to it has lost its parent. */
export interface RandomRegistry extends RegistryRows {
  readonly agentIds: readonly string[]
  readonly versionIds: readonly string[]
}

/** When all of it begins; it ends two days later. */
export const registryStart = Date.UTC(2026, 1, 3)
/** Few moments only: many things happen at once. */
const STEP_MS = 8 * 3_600_000
const momentOf = (moments: number): fc.Arbitrary<Date> =>
  fc.nat({ max: moments - 1 }).map((step) => new Date(registryStart + step * STEP_MS))
const moment = momentOf(7)

/** The miners of snapshots and agents. */
export const minerHotkeys = ['5B', '5a', '5A', '5b', '5AA', '6'] as const
const validatorHotkeys = ['5V3', '5V1', '5V2', '5V0'] as const
// Sums of these depend on their order.
const score = fc.constantFrom(null, 0, 0.1, 0.2, 0.3, 1 / 3, 0.7, 1)
const number = fc.nat({ max: 999 })

const ids = (count: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.uuid(), { minLength: count, maxLength: count })
const many = <Value>(one: fc.Arbitrary<Value>, most: number): fc.Arbitrary<Value[]> =>
  fc.array(one, { minLength: most - 4, maxLength: most })

const record = <Fields>(fields: {
  [Name in keyof Fields]: fc.Arbitrary<Fields[Name]>
}): fc.Arbitrary<Fields> => fc.record(fields, { noNullPrototype: true })

const agentFields = record({
  minerHotkey: fc.constantFrom(...minerHotkeys),
  latestVersion: fc.nat({ max: 3 }),
  createdAt: moment,
})
const versionFields = record({ agent: number, versionNum: fc.nat({ max: 2 }), createdAt: moment, score })
const evaluationFields = record({
  evaluationId: fc.uuid(),
  version: number,
  validatorHotkey: fc.constantFrom(...validatorHotkeys),
  // More of what is asked for.
  status: fc.constantFrom(...evaluationStatuses, 'waiting', 'running', 'completed', 'completed', 'completed'),
  createdAt: momentOf(2),
  score,
})
const runFields = record({
  runId: fc.uuid(),
  evaluation: number,
  status: fc.constantFrom(...evaluationRunStatuses),
  solved: fc.constantFrom(null, true, false),
  startedAt: moment,
})
const weight = record({
  minerHotkey: fc.constantFrom(...minerHotkeys),
  weight: fc.constantFrom(0, 0.1, 0.3, 0.3),
})
const snapshotFields = record({
  id: fc.uuid(),
  timestamp: moment,
  weights: fc.uniqueArray(weight, { maxLength: 4, selector: ({ minerHotkey }) => minerHotkey }),
})

/** A registry of so many times the smallest size, with much that is equal, and something missing everywhere. */
export function randomRegistry(times: number): fc.Arbitrary<RandomRegistry> {
  return fc
    .record({
      agentIds: ids(7 * times),
      versionIds: ids(14 * times),
      agents: many(agentFields, 7 * times),
      versions: many(versionFields, 14 * times),
      evaluations: many(evaluationFields, 44 * times),
      runs: many(runFields, 120 * times),
      snapshots: many(snapshotFields, 10 * times),
    })
    .map(({ agentIds, versionIds, ...made }) => {
      const versionOf = (index: number): string => pick(versionIds, index)
      const evaluations = uniqueBy(
        made.evaluations.map(({ version, ...rest }) => ({ ...rest, versionId: versionOf(version) })),
        ({ versionId, validatorHotkey }) => `${versionId} ${validatorHotkey}`,
      )
      const evaluationIds = [...evaluations.map(({ evaluationId }) => evaluationId), pick(agentIds, 0)]
      return {
        agentIds,
        versionIds,
        agents: rowsOf(agentIds, made.agents).map(([agentId, rest]) => buildAgent({ ...rest, agentId })),
        versions: rowsOf(versionIds, made.versions).map(([versionId, { agent, ...rest }]) =>
          buildAgentVersion({ ...rest, versionId, agentId: pick(agentIds, agent) }),
        ),
        evaluations: evaluations.map((rest) => buildEvaluation(rest)),
        runs: made.runs.map(({ evaluation, ...rest }) =>
          buildEvaluationRun({ ...rest, evaluationId: pick(evaluationIds, evaluation) }),
        ),
        snapshots: made.snapshots.map(({ weights, ...rest }) =>
          buildWeightsSnapshot({
            ...rest,
            minerWeights: weights.toSorted((a, b) => (a.minerHotkey < b.minerHotkey ? -1 : 1)),
          }),
        ),
      }
    })
}

/** Pairs ids with what was made for them; the last id gets nothing. */
function rowsOf<Fields>(
  all: readonly string[],
  made: readonly Fields[],
): readonly (readonly [string, Fields])[] {
  return all.slice(0, -1).flatMap((id, index) => {
    const fields = made[index]
    return fields === undefined ? [] : [[id, fields] as const]
  })
}

function pick(all: readonly string[], index: number): string {
  return all[index % all.length] ?? ''
}

function uniqueBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): readonly Row[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()]
}
