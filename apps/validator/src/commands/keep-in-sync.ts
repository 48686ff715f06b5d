import { type CommandSession, runForCommand } from '@subnetkit/core/cli'

import type { ComposedChain } from '../compose-chain.ts'
import type { Validator } from '../compose.ts'
import { parseRecordSettings } from '../record/record-settings.ts'
import { keepRegistrations } from '../registrations/keep-registrations.ts'
import { syncRegistrationsTask } from '../registrations/sync-registrations.ts'
import { readConfigured } from '../scoring/read-configured.ts'
import { syncDeps } from './miners-sync.ts'

/** Syncs miners with the chain while a command runs, beside it: at once, and then every `cleanupFrequencyHours`. */
export function keepInSync(params: {
  readonly validatorHotkey: string
  readonly session: CommandSession
  readonly validator: Validator
  readonly composed: ComposedChain
}): AsyncDisposable {
  const { validatorHotkey, session, validator, composed } = params
  const { log, signal } = session
  const { clock, repositories } = validator
  const deps = syncDeps(validator, composed)
  const context = { netuid: composed.netuid, validatorHotkey, isDryRun: false }
  return keepRegistrations({
    sync: async (working) => {
      const quiet = { log, signal: working, progress: () => undefined }
      return await runForCommand(syncRegistrationsTask, deps, context, quiet, validator)
    },
    everyHours: async (resting) => {
      const configured = await readConfigured(repositories.systemConfig, { signal: resting })
      return parseRecordSettings(configured).cleanupFrequencyHours
    },
    clock,
    log,
    signal,
  })
}
