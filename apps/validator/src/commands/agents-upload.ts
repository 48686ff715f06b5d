import { basename } from 'node:path'

import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { composeUploadClient } from '../compose.ts'
import type { Config } from '../config.ts'
import { readBoundedFile } from '../read-bounded-file.ts'
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
          content: await readBoundedFile({
            path: options.file,
            maxBytes: MAX_UPLOAD_BYTES,
            readHint: 'give a file that exists',
            sizeHint: 'give a smaller file',
          }),
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
