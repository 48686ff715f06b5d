import { mkdir } from 'node:fs/promises'

import type { Sandbox } from '../../ports/sandbox.ts'
import { describeBaseImages } from '../base-image/describe-base-images.ts'
import { canMountMemory } from '../output-area/output-area.ts'
import { connectEngine } from './connect-engine.ts'
import { ContainerSandbox } from './container-sandbox.ts'

/** Opens a sandbox on a container engine that answers. @throws InputError when none does. */
export async function openContainers(
  params: Readonly<{ folder: string; dockerHost: string | null; signal: AbortSignal }>,
): Promise<Sandbox> {
  const { folder, dockerHost, signal } = params
  const engine = await connectEngine({ dockerHost, signal })
  await mkdir(folder, { recursive: true, mode: 0o711 })
  const bases = await describeBaseImages(signal)
  return new ContainerSandbox({ engine, folder, bases, isMountWanted: await canMountMemory(folder) })
}
