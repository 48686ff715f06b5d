import {
  BASELINE_HOTKEY,
  type ImageType,
  type MinerDatabaseName,
  minerDatabaseNameSchema,
} from '@subnetkit/core'
import { checkHotkey } from '@subnetkit/core/ss58'

/**
 * The name of a miner's output database: the one place where a hotkey becomes part of a name. Its SS58 checksum is
 * verified; only the baseline has no key.
 *
 * @throws InputError for a hotkey that is none.
 */
export function minerDatabaseName(
  params: Readonly<{ prefix: string; imageType: ImageType; hotkey: string }>,
): MinerDatabaseName {
  if (params.hotkey !== BASELINE_HOTKEY) checkHotkey('hotkey', params.hotkey)
  return minerDatabaseNameSchema.parse(`${params.prefix}_${params.imageType}_${params.hotkey}`)
}
