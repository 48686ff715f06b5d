import type { AgentUpload, AgentUploadAttempt, Ban } from '@subnetkit/core'

import { uploadAttemptItem, uploadPlacesItem } from '../repositories/agent-upload-attempt-items.ts'
import { agentUploadItem } from '../repositories/agent-upload-items.ts'
import { banItem } from '../repositories/ban-items.ts'
import { agentUploadAttemptsTable } from '../tables/agent-upload-attempts-table.ts'
import { agentUploadsTable } from '../tables/agent-uploads-table.ts'
import { bansTable } from '../tables/bans-table.ts'
import { probe, type StoreProbe } from './store-probe.ts'

/** One item of every kind that uploads leave, of a miner that does not exist; its ban is lifted. */
export function uploadProbes(minerHotkey: string, id: string, at: Date): readonly StoreProbe[] {
  const upload: AgentUpload = {
    minerHotkey,
    versionNum: 0,
    agentId: id,
    versionId: id,
    sha256: 'c'.repeat(64),
    sizeBytes: 0,
    name: 'store-check',
    claimedAt: at,
    completedAt: at,
  }
  const attempt: AgentUploadAttempt = {
    minerHotkey,
    attemptId: id,
    at,
    name: 'store-check',
    versionNum: 0,
    sizeBytes: 0,
    clientAddress: null,
    outcome: 'refused',
    code: 'store_check',
  }
  const ban: Ban = {
    subject: 'hotkey',
    address: minerHotkey,
    banNum: 1,
    reason: 'store check',
    since: at,
    bannedBy: 'store-check',
    liftedAt: at,
    liftedBy: 'store-check',
  }
  return [
    probe(agentUploadsTable, agentUploadItem, upload),
    probe(agentUploadAttemptsTable, uploadAttemptItem, attempt),
    probe(agentUploadAttemptsTable, uploadPlacesItem, { minerHotkey, hour: 0, taken: 1 }),
    probe(bansTable, banItem, ban),
  ]
}
