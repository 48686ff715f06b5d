import {
  blockNumberSchema,
  hotkeySchema,
  InputError,
  type MinerRegistration,
  minerRegistrationSchema,
  uidSchema,
} from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { checkHotkey } from '@subnetkit/core/ss58'
import type { Config } from '../config.ts'
import { keepPlace } from '../registrations/keep-place.ts'
import { minerHead, minerRow, showMiner } from '../sampling/show-miner.ts'
import { textTable } from '../text-table.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator miners add 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY --uid 7 \\
      --endpoint https://miner.example.org/v1 --model alice/solver --revision 4f2a9c1 --model-hash 9d1c…
`

const registration = minerRegistrationSchema.shape

/** `validator miners add HOTKEY`: registers a miner by hand, or says what it serves now. */
export function minersAddCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'add',
    description: 'register a miner by hand, or say what it serves now; statistics and pause stay',
    options: z.strictObject({
      hotkey: hotkeySchema,
      endpoint: z.string().min(1).max(2_000),
      model: registration.modelName,
      revision: registration.modelRevision,
      modelHash: registration.modelHash,
      uid: numberFromText(uidSchema).optional(),
      block: numberFromText(blockNumberSchema).optional(),
    }),
    flags: (command) => {
      command
        .argument('<hotkey>', 'SS58 address of format 42')
        .requiredOption(
          '--endpoint <url>',
          'base URL of an OpenAI-compatible API, such as https://example.org/v1',
        )
        .requiredOption('--model <name>', 'name of the model')
        .requiredOption('--revision <text>', 'revision of the model, as its host names it')
        .requiredOption(
          '--model-hash <text>',
          "identity of the model's weights; another one revokes open tasks",
        )
        .option(
          '--uid <n>',
          'its place in the subnet until the chain is asked; without one it is sampled, but not paid',
        )
        .option('--block <n>', 'block of the commitment; an older one than is known changes nothing')
        .addHelpText('after', examples)
    },
    run: async (options, session) => {
      const { hotkey, endpoint, model, revision, modelHash, uid = null, block = null } = options
      checkHotkey('<hotkey>', hotkey)
      checkEndpoint(endpoint)
      return await withReadyValidator(config, session, async ({ repositories, now }) => {
        const at = now()
        const { signal } = session
        const given: MinerRegistration = {
          hotkey,
          coldkey: null,
          uid,
          modelName: model,
          modelRevision: revision,
          modelHash,
          endpoint,
          endpointStatus: 'unknown',
          endpointCheckedAt: null,
          invalidReason: null,
          firstBlock: block,
          lastBlock: block,
        }
        const known = await repositories.miners.find({ hotkey }, { signal })
        const registered = keepPlace(given, known)
        const miner = await repositories.miners.put({ registration: registered, now: at }, { signal })
        return { value: showMiner(miner, at), text: textTable(minerHead, [minerRow(miner, at)]) }
      })
    },
  })
}

/** Whether its address is a public one is looked at before each request, since names change what they mean. */
function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return
  throw new InputError({
    field: '--endpoint',
    value: endpoint,
    problem: 'is no http or https URL',
    hint: 'give a base URL such as https://example.org/v1',
  })
}
