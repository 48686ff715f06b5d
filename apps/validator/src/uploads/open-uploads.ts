import { join } from 'node:path'

import type { Metrics, Repositories } from '@subnetkit/core'

import { FolderAgentCodeStore } from '../adapters/folder-agent-code-store.ts'
import type { UploadDeps } from './upload-deps.ts'
import { createUploadCounter } from './upload-metrics.ts'
import { uploadSettingsReader } from './upload-settings.ts'

/** What {@link openUploads} puts together. */
export interface OpenUploadsParams extends Pick<
  UploadDeps,
  'agents' | 'evaluators' | 'log' | 'newId' | 'now'
> {
  readonly repositories: UploadDeps['repositories'] & Pick<Repositories, 'systemConfig'>
  /** Files of agents are in its folder `agent-code`; servers that share tables have to share it too. */
  readonly dataDir: string
  readonly metrics: Pick<Metrics, 'registry'>
}

/** What taking in uploads works with, for one server. */
export function openUploads(params: OpenUploadsParams): UploadDeps {
  const { dataDir, metrics, repositories, now, log } = params
  return {
    ...params,
    code: new FolderAgentCodeStore(join(dataDir, 'agent-code')),
    settings: uploadSettingsReader({ systemConfig: repositories.systemConfig, now, log }),
    answered: createUploadCounter(metrics),
  }
}
