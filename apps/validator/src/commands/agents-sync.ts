import { StorageError } from '@subnetkit/core'
import { type CommandSession, defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { compareRegistry, type RegistryComparison } from '../agents/compare/compare-registry.ts'
import { comparisonText } from '../agents/compare/comparison-text.ts'
import { type Drained, drainOutboxes } from '../agents/projection/drain-outboxes.ts'
import { type HeldLease, holdLock } from '../agents/projection/hold-lock.ts'
import type { Validator } from '../compose.ts'
import type { Config } from '../config.ts'
import { PROJECTION_LEASE_MS, PROJECTION_LOCK } from '../tasks/project-agents.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Agents are decided in DynamoDB and analysed in ClickHouse. This copies what is still on its way, then holds every row of
both stores against each other. Evaluations and runs that only ClickHouse has were imported, and no difference.

Examples:
  $ validator agents sync                  copies and compares; exit code 1 when they differ
  $ validator agents sync --repair         where they differ, DynamoDB is right; conflicts are listed, never forced
  $ validator agents sync --json | jq .tables

Ctrl-C stops it at any time; run it again.
`

const optionsSchema = z
  .strictObject({ check: z.boolean().default(false), repair: z.boolean().default(false) })
  .refine(({ check, repair }) => !(check && repair), { error: 'give --check or --repair, not both' })

/** A pass of another process takes seconds, a comparison minutes. */
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 500

/** `validator agents sync`: exit code 1 when the stores differ and nothing repaired it. */
export function agentsSyncCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'sync',
    description: 'copy what the record lacks, compare both stores row by row, and repair',
    options: optionsSchema,
    flags: (command) => {
      command
        .option('--check', 'only tell what differs; this is what happens without a flag')
        .option('--repair', 'make both stores equal')
        .addHelpText('after', examples)
    },
    run: async ({ repair }, session) =>
      await withReadyValidator(config, session, async (validator) => {
        const signal = AbortSignal.any([session.signal, validator.lost])
        await using record = await validator.openRecord({ signal })
        const deps = {
          registry: validator.repositories,
          record: record.repositories,
          now: validator.now,
        }
        const { drained, comparison } = await underLock(validator, session, signal, async (lease) => {
          session.progress({ stage: 'copy what is on its way', done: 0, total: null, unit: 'rows' })
          const copied = await drainOutboxes(deps, lease)
          const params = {
            isRepairing: repair,
            onProgress: (table: string, rows: number) =>
              session.progress({ stage: `compare ${table}`, done: rows, total: null, unit: 'rows' }),
          }
          return { drained: copied, comparison: await compareRegistry(deps, params, lease) }
        })
        return outcomeOf(drained, comparison, repair)
      }),
  })
}

function outcomeOf(
  drained: Drained,
  comparison: RegistryComparison,
  isRepairing: boolean,
): Readonly<{ value: unknown; text: string; exitCode: 0 | 1 }> {
  return {
    value: { ...comparison, drained },
    text: comparisonText(drained, comparison, isRepairing),
    exitCode: comparison.isWhole ? 0 : 1,
  }
}

/** Waits for a pass that goes on in another process, `validator serve` for one. */
async function underLock<Result>(
  validator: Validator,
  session: CommandSession,
  signal: AbortSignal,
  use: (lease: HeldLease) => Promise<Result>,
): Promise<Result> {
  const { clock, newId, repositories, worker } = validator
  const { locks } = repositories
  const deps = { locks, clock, log: session.log, worker, newId }
  const params = { name: PROJECTION_LOCK, leaseMs: PROJECTION_LEASE_MS, signal }
  const endMs = clock.monotonicMs() + PATIENCE_MS
  while (clock.monotonicMs() < endMs) {
    // What is done under the lock is never nothing, so null says that somebody else holds it.
    const done = await holdLock(deps, params, async (lease) => ({ result: await use(lease) }))
    if (done !== null) return done.result
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
  const held = await locks.find({ name: PROJECTION_LOCK, now: clock.now() }, { signal })
  throw new StorageError({
    code: 'conflict',
    message: `agents are copied or compared by ${held?.owner ?? 'another process'} for more than a minute; try again when it is done`,
    retryable: true,
    details: { reason: 'locked', name: PROJECTION_LOCK, owner: held?.owner ?? null },
  })
}
