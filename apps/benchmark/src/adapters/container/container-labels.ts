import { createHash } from 'node:crypto'

import { currentOwner, formatOwner } from '../output-area/process-owner.ts'

/** The labels by which our own things are known among others' on one engine. */
export const containerLabels = {
  /** Which data folder's: two installations on one machine do not tidy up after each other. */
  folder: 'subnetkit.folder',
  /** Which process's; only containers have it. */
  owner: 'subnetkit.owner',
  /** Digest of the base image; what is built from it inherits it. */
  base: 'subnetkit.base',
} as const

/** The value of the `folder` label. */
export function folderLabelOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 16)
}

/** Labels of a container that this process makes. */
export async function ownLabels(folder: string): Promise<Record<string, string>> {
  return {
    [containerLabels.folder]: folderLabelOf(folder),
    [containerLabels.owner]: formatOwner(await currentOwner()),
  }
}
