import { open } from 'node:fs/promises'
import { basename } from 'node:path'

import { InputError } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { composeUploadClient } from '../compose.ts'
import type { Config } from '../config.ts'
import { sendUpload } from '../uploads/send-upload.ts'
import { MAX_UPLOAD_BYTES } from '../uploads/upload-settings.ts'
import { readHotkey } from '../wallet/read-hotkey.ts'

const examples = `
Examples:
  $ validator agents upload agent.py --url http://127.0.0.1:8100 --wallet miner --hotkey default
  $ validator agents upload agent.py --url https://validator.example --name solver --validator 5Grwva…

The file is signed with the hotkey of a wallet, or with VALIDATOR_HOTKEY_SEED where that is set. Without --validator the
server is asked whom it speaks for.
`

const optionsSchema = z.strictObject({
  file: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }),
  name: z.string().optional(),
  versionNum: numberFromText(z.int().min(0).max(999_999)).optional(),
  validator: z.string().optional(),
  walletPath: z.string(),
  wallet: z.string(),
  hotkey: z.string(),
})

/** `validator agents upload FILE`: what a miner does; it needs no store of its own. */
export function agentsUploadCommand(config: Config): ProgramCommand {
  const { seed, walletFolder, wallet, hotkey } = config.chain
  return defineCommand({
    name: 'upload',
    description: 'upload the next version of a miner’s agent to a validator, signed with its hotkey',
    options: optionsSchema,
    flags: (command) => {
      command
        .argument('<file>', 'the Python file')
        .requiredOption('--url <url>', 'where the validator serves its API')
        .option('--name <text>', 'name of the agent; without it the name of the file')
        .option('--version-num <n>', 'number of the version; without it the one that the validator names')
        .option('--validator <ss58>', 'the validator’s hotkey')
        .option('--wallet-path <folder>', 'the folder of all wallets', walletFolder)
        .option('--wallet <name>', 'the wallet', wallet)
        .option('--hotkey <name>', 'the hotkey of the wallet', hotkey)
        .addHelpText('after', examples)
    },
    run: async (options, { signal }) => {
      const signer = await readHotkey(
        seed === null
          ? {
              kind: 'wallet',
              walletFolder: options.walletPath,
              wallet: options.wallet,
              hotkey: options.hotkey,
            }
          : { kind: 'seed', variable: 'VALIDATOR_HOTKEY_SEED', value: seed },
      )
      const uploaded = await sendUpload(
        {
          signer,
          url: options.url,
          name: options.name ?? basename(options.file, '.py'),
          versionNum: options.versionNum ?? null,
          audience: options.validator ?? null,
          content: await readFileOf(options.file),
          ...composeUploadClient(),
        },
        { signal },
      )
      const { agent, version, queue } = uploaded
      const text = `version ${version.versionNum} of ${agent.name} (${version.versionId}) is in the queues of validators: ${queue.length}`
      return { value: uploaded, text }
    },
  })
}

async function readFileOf(path: string): Promise<Uint8Array> {
  const buffer = Buffer.alloc(MAX_UPLOAD_BYTES + 1)
  let size = 0
  try {
    await using file = await open(path, 'r')
    size = (await file.read(buffer, 0, buffer.length, 0)).bytesRead
  } catch (cause) {
    throw new InputError({ field: path, problem: 'cannot be read', hint: 'give a file that exists', cause })
  }
  if (size <= MAX_UPLOAD_BYTES) return buffer.subarray(0, size)
  throw new InputError({
    field: path,
    problem: `is larger than ${MAX_UPLOAD_BYTES} bytes`,
    hint: 'give a smaller file',
  })
}
