import { blake2b } from '@noble/hashes/blake2.js'
import { createV4Tx } from '@polkadot-api/signers-common'
import { compact, u32 } from '@polkadot-api/substrate-bindings'

import { ChainError } from '../../ports/chain.ts'
import type { HotkeySigner } from '../../wallet/hotkey-signer.ts'
import type { BlockAt } from './chain-session.ts'
import type { Runtime } from './runtime.ts'

/** Blocks in which an extrinsic may be taken: after them it never lands, whatever became of it. A power of two. */
export const MORTAL_BLOCKS = 64
/** Longer payloads are signed by their hash. */
const MAX_SIGNED_BYTES = 256
const NOTHING = new Uint8Array()
const ZERO = Uint8Array.of(0)

/** What an extrinsic is bound to. */
export interface SigningContext {
  readonly genesisHash: string
  /** A final block: it lives for 64 blocks from there on. */
  readonly checkpoint: BlockAt
  /** The account's count of extrinsics. */
  readonly nonce: number
}

interface SignedPart {
  /** What goes into the extrinsic. */
  readonly value: Uint8Array
  /** What is only signed along. */
  readonly signed: Uint8Array
}

/** A call as a signed extrinsic, without a tip. @throws ChainError `bad_answer` when the runtime wants what we do not know. */
export function signExtrinsic(
  runtime: Runtime,
  signer: HotkeySigner,
  call: Uint8Array,
  context: SigningContext,
): Uint8Array {
  const parts = (runtime.metadata.extrinsic.signedExtensions[0] ?? []).map(
    ({ identifier, type, additionalSigned }): SignedPart => {
      const known = knownPart(identifier, runtime, context)
      if (known !== null) return known
      if (runtime.isEmptyType(type) && runtime.isEmptyType(additionalSigned)) return part(NOTHING)
      throw new ChainError({
        code: 'bad_answer',
        message: `the runtime (version ${runtime.specVersion}) wants ${identifier} in each extrinsic, which is not known here`,
      })
    },
  )
  const extra = parts.map(({ value }) => value)
  const payload = Buffer.concat([call, ...extra, ...parts.map(({ signed }) => signed)])
  const message =
    payload.length > MAX_SIGNED_BYTES ? blake2b(payload, { dkLen: 32 }) : Uint8Array.from(payload)
  return createV4Tx(runtime.metadata, signer.publicKey, signer.sign(message), extra, call, 'Sr25519')
}

function knownPart(identifier: string, runtime: Runtime, context: SigningContext): SignedPart | null {
  switch (identifier) {
    case 'CheckSpecVersion':
      return part(NOTHING, u32.enc(runtime.specVersion))
    case 'CheckTxVersion':
      return part(NOTHING, u32.enc(runtime.transactionVersion))
    case 'CheckGenesis':
      return part(NOTHING, bytesOf(context.genesisHash))
    case 'CheckMortality':
    case 'CheckEra':
      return part(mortality(context.checkpoint.blockNumber), bytesOf(context.checkpoint.blockHash))
    case 'CheckNonce':
      return part(compact.enc(context.nonce))
    case 'ChargeTransactionPayment':
    case 'ChargeTransactionPaymentWrapper':
      return part(ZERO)
    case 'CheckMetadataHash':
      return part(ZERO, ZERO)
    default:
      return null
  }
}

function part(value: Uint8Array, signed: Uint8Array = NOTHING): SignedPart {
  return { value, signed }
}

/** Two bytes: the period's logarithm in the low four bits, the block within its period above them. */
function mortality(blockNumber: number): Uint8Array {
  const encoded = (Math.log2(MORTAL_BLOCKS) - 1) | ((blockNumber % MORTAL_BLOCKS) << 4)
  return Uint8Array.of(encoded & 0xff, encoded >> 8)
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
}
