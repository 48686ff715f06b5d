import { agentVersionSchema, type AgentVersion } from '../models/agent-version.ts'
import { agentSchema, type Agent } from '../models/agent.ts'
import { evaluationRunSchema, type EvaluationRun } from '../models/evaluation-run.ts'
import { evaluationSchema, type Evaluation } from '../models/evaluation.ts'
import { weightsSnapshotSchema, type WeightsSnapshot } from '../models/weights-snapshot.ts'
import { toField } from '../rows/column-name.ts'

type Fields = Readonly<Record<string, unknown>>

/** Names and times of a row of the cases as our models have them; other values stay as they are. */
export function fromAgentWire(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      toField(name),
      typeof value === 'string' && isTime(name) ? new Date(value) : value,
    ]),
  )
}

/** An agent of the cases. Throws when it is none. */
export function agentFromWire(fields: Fields): Agent {
  return agentSchema.parse(fromAgentWire(fields))
}

/** A version of the cases. Throws when it is none. */
export function versionFromWire(fields: Fields): AgentVersion {
  return agentVersionSchema.parse(fromAgentWire(fields))
}

/** An evaluation of the cases, which know no attempts: it is the first. Throws when it is none. */
export function evaluationFromWire(fields: Fields): Evaluation {
  return evaluationSchema.parse({ ...fromAgentWire(fields), attempt: 1 })
}

/** A run of the cases, whose lists are JSON texts and whose empty patches are empty there. Throws when it is none. */
export function runFromWire(fields: Fields): EvaluationRun {
  const lists = Object.entries(fields)
    .filter(([name]) => name.endsWith('_success'))
    .map(([name, text]) => [name, typeof text === 'string' ? JSON.parse(text) : []])
  return evaluationRunSchema.parse(
    fromAgentWire({
      ...fields,
      ...Object.fromEntries(lists),
      response: fields['response'] || null,
      attempt: 1,
    }),
  )
}

/** A snapshot of the cases, whose weights are a map there. Throws when it is none. */
export function snapshotFromWire(fields: Fields): WeightsSnapshot {
  const { minerWeights, ...snapshot } = fromAgentWire(fields)
  const weights = Object.entries(minerWeights ?? {}).map(([minerHotkey, weight]) => ({ minerHotkey, weight }))
  return weightsSnapshotSchema.parse({
    ...snapshot,
    minerWeights: weights.toSorted((a, b) => (a.minerHotkey < b.minerHotkey ? -1 : 1)),
  })
}

function isTime(name: string): boolean {
  return name.endsWith('_at') || name === 'last_updated' || name === 'timestamp'
}
