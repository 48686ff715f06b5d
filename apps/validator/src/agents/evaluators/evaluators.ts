import { type AllowedHotkeysParams, allowedHotkeysReader } from '../../auth/allowed-hotkeys.ts'

/** The configuration key that names the validators that judge agents here: a JSON list of hotkeys. */
export const EVALUATORS_KEY = 'agents.validators'

/** Reads who judges agents; this validator alone does while nothing is configured. */
export function evaluatorsReader(
  deps: Pick<AllowedHotkeysParams, 'systemConfig' | 'now' | 'log'> & Readonly<{ validatorHotkey: string }>,
): () => Promise<ReadonlySet<string>> {
  const { validatorHotkey, ...parts } = deps
  return allowedHotkeysReader({ ...parts, key: EVALUATORS_KEY, unconfigured: [validatorHotkey] })
}
