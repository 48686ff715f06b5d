import type { Logger, Repositories } from '@subnetkit/core'

import type { AgentCodeStore } from '../ports/agent-code-store.ts'
import type { AgentRegistry } from '../ports/agent-registry.ts'
import type { UploadSettings } from './upload-settings.ts'

/** What taking in uploads works with. */
export interface UploadDeps {
  readonly repositories: Pick<Repositories, 'agentUploadAttempts' | 'agentUploads' | 'bans' | 'miners'>
  readonly agents: Pick<AgentRegistry, 'agents' | 'agentVersions' | 'evaluations'>
  readonly code: AgentCodeStore
  readonly settings: () => Promise<UploadSettings>
  /** The validators that are to judge a new version. */
  readonly evaluators: () => Promise<ReadonlySet<string>>
  readonly now: () => Date
  /** A new id for each attempt. */
  readonly newId: () => string
  readonly log: Logger
  /** Told the status of every answer to a request to upload. */
  readonly answered: (status: number) => void
}

/** A file that somebody wants to become the next version of a hotkey's agent. */
export interface AgentFile {
  readonly minerHotkey: string
  readonly name: string
  readonly versionNum: number
  readonly sha256: string
  readonly content: Uint8Array
}
