import { InputError } from '@subnetkit/core'

import type { Environment } from '../ports/environment.ts'
import type { ProgramSandbox } from '../ports/program-sandbox.ts'
import { createAbductionEnvironment } from './abduction-environment.ts'
import { createDeductionEnvironment } from './deduction-environment.ts'
import { createSatEnvironment } from './sat-environment.ts'

/** The one list of environments: a new one is a line here. */
const creators = [createSatEnvironment, createDeductionEnvironment, createAbductionEnvironment] as const

/** What the environments need. */
export interface CreateEnvironmentsParams {
  /** Runs what miners write; closed together with the environments. */
  readonly sandbox: ProgramSandbox
  /**
   * Known to the validators only: without it, whoever has this code can make every task and its solution. The same for
   * all validators of a subnet, and kept for as long as samples are checked again.
   * @default '' — tasks follow from environment and id alone
   */
  readonly secret?: string
}

/** All environments by name. */
export interface Environments extends AsyncDisposable {
  readonly all: readonly Environment[]
  /** @throws InputError naming the environments that exist. */
  get(name: string): Environment
  find(name: string): Environment | null
  close(): Promise<void>
}

/** Makes the environments; nothing starts before the first verdict. */
export function createEnvironments(params: CreateEnvironmentsParams): Environments {
  const { sandbox, secret = '' } = params
  const all = creators.map((create) => create(secret, sandbox))
  const find = (name: string): Environment | null => all.find((candidate) => candidate.name === name) ?? null
  const close = async (): Promise<void> => {
    await Promise.all(all.map(async (environment) => await environment.close()))
    await sandbox.close()
  }
  return {
    all,
    find,
    get: (name) => {
      const environment = find(name)
      if (environment !== null) return environment
      const names = all.map((candidate) => candidate.name).join(', ')
      throw new InputError({
        field: 'environment',
        value: name,
        problem: 'does not exist',
        hint: `use one of ${names}`,
      })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
