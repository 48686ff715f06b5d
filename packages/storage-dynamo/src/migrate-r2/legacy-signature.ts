import { pythonFixed6, pythonMembers } from './python-json.ts'

/** Checks an sr25519 signature; gives false for anything that is not one, and never throws. */
export type SignatureVerifier = (
  params: Readonly<{ hotkey: string; message: string; signatureHex: string }>,
) => boolean

/**
 * The text that the earlier system signed: `env:miner:score:latency:time:extra`, with the miner and extra as Python's
 * JSON with sorted keys, numbers with six decimal places, and the time in whole seconds. Byte for byte: another spacing
 * or another way to write a number gives another text.
 *
 * @param rowText the row as it stands in the shard.
 * @returns null when a field is missing, so that nothing can have been signed.
 */
export function legacySignedText(rowText: string): string | null {
  const members = pythonMembers(rowText)
  const row: unknown = JSON.parse(rowText)
  if (typeof row !== 'object' || row === null) return null
  const { env, score, latency_seconds: latency, timestamp }: Readonly<Record<string, unknown>> = { ...row }
  const miner = members.get('miner')
  const extra = members.get('extra')
  if (typeof env !== 'string' || typeof score !== 'number' || typeof timestamp !== 'number') return null
  if (typeof latency !== 'number' || miner === undefined || extra === undefined) return null
  return [env, miner, pythonFixed6(score), pythonFixed6(latency), `${Math.floor(timestamp)}`, extra].join(':')
}
