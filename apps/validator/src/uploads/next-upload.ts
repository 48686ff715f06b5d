import type { Agent, AgentUpload, CallOptions } from '@subnetkit/core'

import type { UploadDeps } from './upload-deps.ts'

/** Where a hotkey stands with its uploads. */
export interface UploadStanding {
  readonly agent: Agent | null
  /** The upload with the highest number, completed or not; null when there is none, as of an agent that was imported. */
  readonly latest: AgentUpload | null
  /** The number that its next content gets. */
  readonly nextVersionNum: number
  /** When its next content may come; null for at once. */
  readonly notBefore: Date | null
}

/** Looks up where a hotkey stands. An upload that a crash cut off counts: its number is taken. */
export async function readUploadStanding(
  deps: Pick<UploadDeps, 'agents' | 'repositories'>,
  params: Readonly<{ minerHotkey: string; secondsBetween: number; now: Date }>,
  options?: CallOptions,
): Promise<UploadStanding> {
  const { minerHotkey, secondsBetween, now } = params
  const [agent, uploads] = await Promise.all([
    deps.agents.agents.findByHotkey({ minerHotkey }, options),
    deps.repositories.agentUploads.list({ minerHotkey, limit: 1 }, options),
  ])
  const latest = uploads.items[0] ?? null
  const nextVersionNum = Math.max(agent?.latestVersion ?? -1, latest?.versionNum ?? -1) + 1
  const lastMs = Math.max(agent?.lastUpdated.getTime() ?? -Infinity, latest?.claimedAt.getTime() ?? -Infinity)
  const notBeforeMs = lastMs + secondsBetween * 1_000
  return {
    agent,
    latest,
    nextVersionNum,
    notBefore: notBeforeMs > now.getTime() ? new Date(notBeforeMs) : null,
  }
}
