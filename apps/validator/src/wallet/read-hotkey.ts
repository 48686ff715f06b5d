import { join } from 'node:path'

import { InputError } from '@subnetkit/core'

import { readBoundedFile } from '../read-bounded-file.ts'
import { createHotkeySigner, type HotkeySigner } from './hotkey-signer.ts'
import { miniSecretOf } from './mini-secret.ts'
import { parseHotkeyFile } from './parse-hotkey-file.ts'

const MAX_FILE_BYTES = 65_536
/** A name is one path segment: whoever sets it cannot point at another folder. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/

/** Where a hotkey's secret is: in a wallet folder, or in a variable whose value somebody read already. */
export type HotkeySource =
  | {
      readonly kind: 'wallet'
      /** The folder of all wallets, as a rule `~/.bittensor/wallets`. */
      readonly walletFolder: string
      readonly wallet: string
      readonly hotkey: string
    }
  | {
      readonly kind: 'seed'
      /** The variable's name, for messages. */
      readonly variable: string
      /** 64 hex digits or a mnemonic; it is in no message. */
      readonly value: string
    }

/**
 * The signer of a hotkey.
 *
 * @throws InputError when the file cannot be read, is encrypted or does not fit, or the variable holds no seed; the
 * message names the file or variable and never a secret.
 */
export async function readHotkey(source: HotkeySource): Promise<HotkeySigner> {
  if (source.kind === 'wallet') {
    checkName('wallet', source.wallet)
    checkName('hotkey', source.hotkey)
    const path = join(source.walletFolder, source.wallet, 'hotkeys', source.hotkey)
    return parseHotkeyFile(path, await readKeyFile(path))
  }
  const miniSecret = miniSecretOf(source.value)
  if (miniSecret !== null) return createHotkeySigner(miniSecret)
  throw new InputError({
    field: source.variable,
    problem: 'holds no seed',
    hint: 'give 64 hex digits, or a mnemonic of 12 to 24 English words without a derivation path',
  })
}

function checkName(field: string, name: string): void {
  if (NAME.test(name)) return
  throw new InputError({
    field,
    value: name,
    problem: 'is not the name of a file in a wallet folder',
    hint: 'give letters, digits, dots, dashes and underscores, for example default',
  })
}

async function readKeyFile(path: string): Promise<string> {
  const bytes = await readBoundedFile({
    path,
    maxBytes: MAX_FILE_BYTES,
    readHint: 'give a wallet and hotkey that exist, and let this user read the file',
    sizeHint: 'give a hotkey file',
  })
  return new TextDecoder().decode(bytes)
}
