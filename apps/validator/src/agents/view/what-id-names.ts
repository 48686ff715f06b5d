import { type CallOptions, type Repositories, StorageError } from '@subnetkit/core'

/** Where ids are looked up; nobody knows evaluations but the store that decides on them. */
export interface IdSources {
  /** Stores that may know the agent or version, the one that decides first. */
  readonly registries: readonly Readonly<{
    agents: Pick<Repositories['agents'], 'find'>
    agentVersions: Pick<Repositories['agentVersions'], 'find'>
  }>[]
  readonly evaluations: Pick<Repositories['evaluations'], 'find'>
}

/**
 * What a UUID names, for whoever gave one of another kind: `version 1 of agent …`; null when nobody knows it.
 */
async function whatIdNames(sources: IdSources, id: string, options?: CallOptions): Promise<string | null> {
  const { registries, evaluations } = sources
  for (const { agents, agentVersions } of registries) {
    const [agent, version] = await Promise.all([
      agents.find({ agentId: id }, options),
      agentVersions.find({ versionId: id }, options),
    ])
    if (agent !== null) return `the agent of hotkey ${agent.minerHotkey}`
    if (version !== null) return `version ${version.versionNum} of agent ${version.agentId}`
  }
  const evaluation = await evaluations.find({ evaluationId: id }, options)
  return evaluation === null
    ? null
    : `the evaluation of version ${evaluation.versionId} by ${evaluation.validatorHotkey}`
}

/** The error of an id that names no agent, version or evaluation, which says what it names instead. */
export async function unknownId(
  sources: IdSources,
  given: Readonly<{ kind: 'agent' | 'version' | 'evaluation'; id: string; wayOut: string }>,
  options?: CallOptions,
): Promise<StorageError> {
  const { kind, id, wayOut } = given
  const found = await whatIdNames(sources, id, options)
  const problem = found === null ? `there is no ${kind} ${id}` : `${id} is no ${kind}: it is ${found}`
  return new StorageError({
    code: 'not_found',
    message: `${problem}; ${wayOut}`,
    details: { kind, id },
  })
}
