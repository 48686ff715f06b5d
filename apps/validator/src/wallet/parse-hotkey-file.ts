import { InputError } from '@subnetkit/core'
import { z } from 'zod'

import { createHotkeySigner, type HotkeySigner } from './hotkey-signer.ts'
import { miniSecretOf } from './mini-secret.ts'

/** How the files of encrypted keys begin: NaCl, an Ansible vault, and Fernet's version byte as base64. */
const ENCRYPTED = /^(\$NACL|\$ANSIBLE_VAULT|gAAAAA)/

const text = z.string().max(1_000).nullish()
const keyFileSchema = z.object({
  secretSeed: text,
  secretPhrase: text,
  ss58Address: text,
  publicKey: text,
  accountId: text,
})

/**
 * The signer of a wallet's hotkey file: JSON with `secretSeed` or `secretPhrase`. What it says of address and public key
 * must fit the secret.
 *
 * @throws InputError that names the file and the field, never a value of it: for an encrypted file, for what is no key
 * file, for one without a secret, and for one whose secret belongs to another account.
 */
export function parseHotkeyFile(path: string, content: string): HotkeySigner {
  if (ENCRYPTED.test(content.trimStart())) {
    throw new InputError({
      field: path,
      problem: 'is encrypted, and a validator has nobody to ask for the password',
      hint: 'write the hotkey without one: btcli wallet regen-hotkey --no-use-password; the coldkey stays encrypted',
    })
  }
  const file = keyFileSchema.safeParse(asJson(content)).data
  if (file === undefined) throw refused(path, 'is no hotkey file', 'give a JSON file as btcli writes it')
  const given = [file.secretSeed, file.secretPhrase].filter((secret) => typeof secret === 'string')
  const miniSecret = given.map(miniSecretOf).find((secret) => secret !== null)
  if (miniSecret === undefined || miniSecret === null) {
    throw refused(
      path,
      given.length === 0
        ? 'has neither secretSeed nor secretPhrase'
        : 'has a secretSeed or secretPhrase that is none',
      'give the private hotkey file, not the public one; btcli wallet regen-hotkey writes it again',
    )
  }
  const signer = createHotkeySigner(miniSecret)
  checkAccount(path, signer, file)
  return signer
}

function checkAccount(path: string, signer: HotkeySigner, file: z.infer<typeof keyFileSchema>): void {
  const publicKey = Buffer.from(signer.publicKey).toString('hex')
  const isOther =
    (typeof file.ss58Address === 'string' && file.ss58Address !== signer.hotkey) ||
    [file.publicKey, file.accountId].some(
      (hex) => typeof hex === 'string' && hex.toLowerCase().replace(/^0x/, '') !== publicKey,
    )
  if (isOther) {
    throw refused(
      path,
      `names another account than its secret, which is ${signer.hotkey}`,
      'restore the file from a backup, or write it again with btcli wallet regen-hotkey',
    )
  }
}

function asJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    // The parser's message quotes the text, and the text is a secret.
    return null
  }
}

function refused(path: string, problem: string, hint: string): InputError {
  return new InputError({ field: path, problem, hint })
}
