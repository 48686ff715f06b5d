import { createHash } from 'node:crypto'

import type { AgentVersion, Evaluation } from '@subnetkit/core'

/**
 * The id of the agent that a hotkey's first upload makes: it follows from the hotkey, so that any number of first uploads
 * at once, and a retry after a crash, mean the same agent. An agent that was imported keeps the id that it came with.
 */
export function agentIdOf(minerHotkey: string): string {
  return uuidFrom('agent', minerHotkey)
}

/** The id of a version: it follows from agent and number, so that no agent has two versions of one number. */
export function versionIdOf({ agentId, versionNum }: Pick<AgentVersion, 'agentId' | 'versionNum'>): string {
  return uuidFrom('agent-version', agentId, `${versionNum}`)
}

/** The id of the evaluation of a version by a validator. */
export function evaluationIdOf(pair: Pick<Evaluation, 'versionId' | 'validatorHotkey'>): string {
  return uuidFrom('evaluation', pair.versionId, pair.validatorHotkey)
}

/** A UUID of version 8 (RFC 9562), which is the one for ids that follow from something. */
function uuidFrom(...parts: readonly string[]): string {
  const hex = createHash('sha256')
    .update(['subnetkit-id-v1', ...parts].join('\n'))
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
