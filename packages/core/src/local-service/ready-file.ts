import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { z } from 'zod'

/** Grows when a ready file of one version of this package could not be understood by another. */
const READY_FILE_PROTOCOL = 1

/** What a running service says about itself. The token keeps other users of the machine out, hence mode 0600. */
export const readyFileSchema = z.strictObject({
  protocol: z.literal(READY_FILE_PROTOCOL),
  name: z.string().min(1),
  pid: z.int().positive(),
  leasePort: z.int().min(1).max(65_535),
  token: z.string().min(32),
  /** ISO time at which the service became ready; for people. */
  startedAt: z.string(),
  /** What its users need to talk to it; each service has its own schema. */
  info: z.unknown(),
})

/** See {@link readyFileSchema}. */
export type ReadyFile = z.infer<typeof readyFileSchema>

/** Where a service announces itself. */
export function readyFilePath(folder: string, name: string): string {
  return join(folder, `${name}.ready.json`)
}

/** What stands in the ready file, or `undefined` when it is missing, torn, of another version or of another service. */
export async function readReadyFile(folder: string, name: string): Promise<ReadyFile | undefined> {
  try {
    const parsed = readyFileSchema.safeParse(JSON.parse(await readFile(readyFilePath(folder, name), 'utf8')))
    return parsed.success && parsed.data.name === name ? parsed.data : undefined
  } catch {
    return undefined
  }
}
