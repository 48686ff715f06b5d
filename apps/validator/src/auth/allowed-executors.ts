import { type AllowedHotkeysParams, allowedHotkeysReader } from './allowed-hotkeys.ts'

/** The configuration key that names who may take work from this validator: a JSON list of hotkeys. */
export const ALLOWED_EXECUTORS_KEY = 'executors.allowed'

/** Reads who may take work; nobody may while nothing is configured. */
export function allowedExecutorsReader(
  deps: Pick<AllowedHotkeysParams, 'systemConfig' | 'now' | 'log'>,
): () => Promise<ReadonlySet<string>> {
  return allowedHotkeysReader({ ...deps, key: ALLOWED_EXECUTORS_KEY, unconfigured: [] })
}
