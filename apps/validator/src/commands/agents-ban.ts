import { type Ban, banSchema, InputError } from '@subnetkit/core'
import { type CommandOutcome, defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { allItems } from '../all-items.ts'
import { checkHotkey } from '@subnetkit/core/ss58'
import type { Config } from '../config.ts'
import { textTable } from '../text-table.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator agents ban 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --reason "copied code"
  $ validator agents ban --coldkey 5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty --reason "many copies"
  $ validator agents ban 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --lift
  $ validator agents ban --list

A ban of a coldkey holds for every hotkey that the chain says is its. A banned miner uploads nothing; what it has uploaded
stays. Lifted bans are kept and listed.
`

const optionsSchema = z.strictObject({
  hotkey: z.string().optional(),
  coldkey: z.string().optional(),
  reason: banSchema.shape.reason.optional(),
  by: banSchema.shape.bannedBy,
  lift: z.boolean().default(false),
  list: z.boolean().default(false),
})
type Options = z.infer<typeof optionsSchema>

/** `validator agents ban`: who may not upload, who may again, and who was banned when and why. */
export function agentsBanCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'ban',
    description: 'ban a hotkey or coldkey from uploading, lift its ban, or list all bans',
    options: optionsSchema,
    flags: (command) => {
      command
        .argument('[hotkey]', 'the hotkey to ban')
        .option('--coldkey <ss58>', 'ban a coldkey instead, and every hotkey of it')
        .option('--reason <text>', 'why; the miner is told')
        .option('--by <name>', 'who bans or lifts', config.userName)
        .option('--lift', 'end the ban')
        .option('--list', 'show every ban there ever was')
        .addHelpText('after', examples)
    },
    run: async (options, session) =>
      await withReadyValidator(config, session, async ({ repositories: { bans }, now }) => {
        const { signal } = session
        if (options.list) {
          const all: Ban[] = []
          for await (const ban of allItems((page) => bans.list(page, { signal }))) all.push(ban)
          return shown(all.toSorted((a, b) => b.since.getTime() - a.since.getTime()))
        }
        const key = bannedKey(options)
        const { by, lift, reason } = options
        if (lift) return shown([await bans.lift({ ...key, by, now: now() }, { signal })])
        if (reason !== undefined)
          return shown([await bans.ban({ ...key, reason, by, now: now() }, { signal })])
        throw new InputError({ field: '--reason', problem: 'is missing', hint: 'say why; the miner is told' })
      }),
  })
}

function bannedKey({ hotkey, coldkey }: Options): Pick<Ban, 'subject' | 'address'> {
  if (hotkey !== undefined && coldkey === undefined) {
    checkHotkey('hotkey', hotkey)
    return { subject: 'hotkey', address: hotkey }
  }
  if (coldkey !== undefined && hotkey === undefined) {
    checkHotkey('--coldkey', coldkey)
    return { subject: 'coldkey', address: coldkey }
  }
  throw new InputError({
    field: 'hotkey',
    problem: coldkey === undefined ? 'is missing' : 'cannot be given together with --coldkey',
    hint: 'give a hotkey, or --coldkey, or --list',
  })
}

function shown(bans: readonly Ban[]): CommandOutcome {
  const rows = bans.map(({ subject, address, reason, since, bannedBy, liftedAt, liftedBy }) => [
    subject,
    address,
    since.toISOString(),
    bannedBy,
    liftedAt === null ? 'in force' : `lifted ${liftedAt.toISOString()} by ${liftedBy ?? ''}`,
    reason,
  ])
  const text =
    rows.length === 0 ? 'nobody was ever banned' : textTable(['', 'key', 'since', 'by', '', 'why'], rows)
  return { value: { bans }, text }
}
