import {
  type Baseline,
  baselineSchema,
  commitSchema,
  defineTask,
  imageTypeSchema,
  InputError,
  repositoryUrlSchema,
} from '@subnetkit/core'
import { z } from 'zod'

import { baselineIdOf } from '../../benchmark-ids.ts'
import type { RepositorySource } from '../../ports/repository-source.ts'
import { lockNames } from '../../ports/locks.ts'
import { nextBaselineVersion } from '../../tournament/next-baseline-version.ts'
import {
  activateBaseline,
  type ActivatedBaseline,
  type BaselineDeps,
  findBaselines,
} from './activate-baseline.ts'
import { withinLock } from '../within-lock.ts'

const contextSchema = z.strictObject({
  imageType: imageTypeSchema,
  repository: repositoryUrlSchema,
  /** Null for the head of the default branch, which is then pinned. */
  commit: commitSchema.nullable(),
  /** Null for the next minor version. */
  version: baselineSchema.shape.version.nullable(),
  /** Whether it may take the place of another active one. */
  isReplacing: z.boolean(),
})

/**
 * Makes somebody's repository the baseline, by hand. Asked again for the active one it does nothing; what a killed seeding
 * left is finished.
 *
 * @throws InputError when another one is active and must not be replaced, or the version is taken.
 */
export const seedBaseline = defineTask({
  name: 'seed-baseline',
  context: contextSchema,
  run: async (
    deps: BaselineDeps & Readonly<{ source: Pick<RepositorySource, 'resolveHead'> }>,
    context,
    control,
  ): Promise<ActivatedBaseline> => {
    const { imageType, repository } = context
    const { signal } = control
    const commit = context.commit ?? (await deps.source.resolveHead({ repository, signal }))
    return await withinLock(deps.locks, lockNames.baseline(imageType), signal, async (held) => {
      const all = await findBaselines(deps, { imageType }, held)
      const active = await deps.repositories.baselines.findActive({ imageType }, { signal: held })
      const isIt = (one: Baseline): boolean => one.repository === repository && one.commit === commit
      const left = all.find((one) => isIt(one) && (one.status === 'building' || one.status === 'active'))
      const isAsked = left !== undefined && (context.version === null || left.version === context.version)
      const isActiveIt = active !== null && isIt(active) && isAsked
      if (active !== null && !isActiveIt && !context.isReplacing) throw anotherIsActive(active)
      const wanted = isAsked ? left : newBaseline(deps, { ...context, commit }, all)
      return await activateBaseline(deps, wanted, { ...control, signal: held })
    })
  },
})

function newBaseline(
  { clock }: BaselineDeps,
  seed: Pick<Baseline, 'imageType' | 'repository' | 'commit'> & Readonly<{ version: string | null }>,
  all: readonly Baseline[],
): Baseline {
  const { imageType, repository, commit } = seed
  const version = seed.version ?? nextBaselineVersion(all.map((one) => one.version))
  const taken = all.find((one) => one.version === version)
  if (taken !== undefined && taken.status !== 'failed') {
    throw new InputError({
      field: 'version',
      value: version,
      problem: `is ${taken.repository} at ${taken.commit} already`,
      hint: `give a higher one, for example ${nextBaselineVersion(all.map((one) => one.version))}`,
    })
  }
  return {
    baselineId: baselineIdOf({ imageType, version }),
    imageType,
    version,
    repository,
    commit,
    originatedFromTournamentId: null,
    originatedFromHotkey: null,
    status: 'building',
    errorMessage: null,
    createdAt: clock.now(),
    activatedAt: null,
    deprecatedAt: null,
  }
}

function anotherIsActive({ version, repository, commit }: Baseline): InputError {
  return new InputError({
    field: 'repository',
    problem: `cannot become the baseline: ${version} is active (${repository} at ${commit})`,
    hint: 'replace it with --replace, or promote the winner of a tournament',
  })
}
