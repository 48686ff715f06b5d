import { join } from 'node:path'

import type { CommandSession } from '@subnetkit/core/cli'

import { openSandbox, type SandboxKind } from './adapters/open-sandbox.ts'
import { openDatasetStore } from './adapters/open-dataset-store.ts'
import { openGitSource } from './adapters/git/open-git-source.ts'
import { openLocks } from './adapters/locks/open-locks.ts'
import { OpenedThings } from './adapters/opened-things.ts'
import { systemClock } from './compose.ts'
import type { Config } from './config.ts'
import type { CheckDeps } from './tasks/check/check-submission.ts'

/**
 * Puts together what a check needs: a sandbox, a git, and practice worlds, which are kept for the next check. No store.
 *
 * @throws InputError when there is no sandbox or no git here.
 */
export async function composeCheck(
  config: Config,
  session: Pick<CommandSession, 'dataDir' | 'log' | 'signal'>,
  options: Readonly<{ sandboxKind: SandboxKind; isLocalAllowed: boolean }>,
): Promise<CheckDeps & AsyncDisposable> {
  const { dataDir, log, signal } = session
  const folder = join(dataDir, 'benchmark')
  const source = await openGitSource({ isLocalAllowed: options.isLocalAllowed, log })
  const clock = systemClock()
  const opened = new OpenedThings()
  try {
    const locks = opened.use(await openLocks({ dataFolder: dataDir, redisUrl: null, clock, signal }))
    const { sandboxKind: kind } = options
    const { dockerHost, limits } = config
    const sandboxFolder = join(folder, 'sandbox')
    const sandbox = opened.use(await openSandbox({ kind, folder: sandboxFolder, dockerHost, log, signal }))
    const now = (): number => clock.now().getTime()
    return {
      sandbox,
      source,
      reviewer: null,
      limits,
      datasets: openDatasetStore({ folder: join(folder, 'practice'), locks, now }),
      [Symbol.asyncDispose]: async () => await opened[Symbol.asyncDispose](),
    }
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}
