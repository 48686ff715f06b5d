import { agentVersionSchema, type AgentVersion } from '../models/agent-version.ts'
import { agentSchema, type Agent } from '../models/agent.ts'
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
