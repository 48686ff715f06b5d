import { getDynamicBuilder, getLookupFn } from '@polkadot-api/metadata-builders'
import {
  Bytes,
  decAnyMetadata,
  Option,
  unifyMetadata,
  type UnifiedMetadata,
} from '@polkadot-api/substrate-bindings'

import { ChainError } from '../../ports/chain.ts'

/** The pallet that subnets live in. */
export const SUBTENSOR = 'SubtensorModule'

/** What every runtime must have, whatever is asked of it. */
const required = {
  calls: ['set_weights', 'commit_weights', 'reveal_weights'],
  storage: [
    'ActivityCutoff',
    'CommitRevealWeightsEnabled',
    'LastUpdate',
    'MaxWeightsLimit',
    'MinAllowedWeights',
    'NetworksAdded',
    'RevealPeriodEpochs',
    'Tempo',
    'Uids',
    'ValidatorTrust',
    'WeightCommits',
    'Weights',
    'WeightsSetRateLimit',
    'WeightsVersionKey',
  ],
}

/** One item of a runtime's storage. */
export interface StorageItem {
  /** `0x…` for all its arguments, or a prefix for fewer. */
  key(...args: readonly unknown[]): string
  /** The value of a key, or what the chain takes for one that is not set: null when it takes nothing. */
  decode(value: string | null): unknown
}

/** A chain's own program at one version, as its metadata tells: how to write calls and keys, and read values. */
export class Runtime {
  readonly specVersion: number
  readonly transactionVersion: number
  readonly metadata: UnifiedMetadata
  readonly #builder: ReturnType<typeof getDynamicBuilder>
  readonly #lookup: ReturnType<typeof getLookupFn>

  /** @throws ChainError `bad_answer` for what is no metadata, and when something is missing, which it names. */
  constructor(params: Readonly<{ metadata: string; specVersion: number; transactionVersion: number }>) {
    this.specVersion = params.specVersion
    this.transactionVersion = params.transactionVersion
    this.metadata = decoded('metadata', () => {
      const bytes = Option(Bytes()).dec(params.metadata)
      return bytes === undefined ? null : unifyMetadata(decAnyMetadata(bytes))
    })
    this.#lookup = getLookupFn(this.metadata)
    this.#builder = getDynamicBuilder(this.#lookup)
    // Types that point nowhere are found here, not after something was sent.
    const missing = decoded('metadata', () => [
      ...required.calls.filter((name) => !this.hasCall(name)).map((name) => `call ${name}`),
      ...required.storage.filter((name) => !this.hasStorage(name)).map((name) => `storage ${name}`),
    ])
    if (missing.length > 0) throw this.#lacks(`of ${SUBTENSOR}: ${missing.join(', ')}`)
  }

  hasCall(name: string, pallet = SUBTENSOR): boolean {
    const type = this.metadata.pallets.find((candidate) => candidate.name === pallet)?.calls?.type
    if (type === undefined) return false
    const calls = this.#lookup(type)
    return calls.type === 'enum' && Object.hasOwn(calls.value, name)
  }

  hasStorage(name: string, pallet = SUBTENSOR): boolean {
    const items = this.metadata.pallets.find((candidate) => candidate.name === pallet)?.storage?.items
    return items?.some((item) => item.name === name) === true
  }

  /** A call's bytes: pallet, call, arguments. @throws ChainError `bad_answer` when the runtime has it not, or otherwise. */
  call(name: string, args: Readonly<Record<string, unknown>>, pallet = SUBTENSOR): Uint8Array {
    if (!this.hasCall(name, pallet)) throw this.#lacks(`call ${pallet}.${name}`)
    const { location, codec } = this.#builder.buildCall(pallet, name)
    return Uint8Array.of(...location, ...decoded(`call ${pallet}.${name}`, () => codec.enc(args)))
  }

  /** @throws ChainError `bad_answer` when the runtime has it not. */
  storage(name: string, pallet = SUBTENSOR): StorageItem {
    if (!this.hasStorage(name, pallet)) throw this.#lacks(`storage ${pallet}.${name}`)
    const { keys, value, fallback } = this.#builder.buildStorage(pallet, name)
    return {
      key: (...args) => keys.enc(...args),
      decode: (hex) =>
        hex === null ? (fallback ?? null) : decoded(`storage ${pallet}.${name}`, () => value.dec(hex)),
    }
  }

  /** A runtime API's method: how its arguments are written and its answer is read. @throws ChainError as above. */
  runtimeApi(
    api: string,
    method: string,
  ): Readonly<{
    encode: (args: readonly unknown[]) => Uint8Array
    decode: (answer: string) => unknown
  }> {
    const methods = this.metadata.apis.find((candidate) => candidate.name === api)?.methods ?? []
    if (!methods.some((candidate) => candidate.name === method))
      throw this.#lacks(`runtime API ${api}.${method}`)
    const { args, value } = this.#builder.buildRuntimeCall(api, method)
    return {
      encode: (given) => args.enc([...given]),
      decode: (answer) => decoded(`${api}.${method}`, () => value.dec(answer)),
    }
  }

  /** A constant of a pallet, or null when there is none of the name. */
  constant(pallet: string, name: string): unknown {
    const constant = this.metadata.pallets
      .find((candidate) => candidate.name === pallet)
      ?.constants.find((candidate) => candidate.name === name)
    if (constant === undefined) return null
    return decoded(`constant ${pallet}.${name}`, () =>
      this.#builder.buildConstant(pallet, name).dec(constant.value),
    )
  }

  /** How many bytes an empty value of a type takes: 0 for what says nothing; null when it must be filled in. */
  isEmptyType(type: number): boolean {
    const { type: kind } = this.#lookup(type)
    return kind === 'void'
  }

  #lacks(what: string): ChainError {
    return badAnswer(
      `the runtime (version ${this.specVersion}) lacks ${what}; this adapter is for Bittensor's subtensor`,
    )
  }
}

function decoded<Value>(what: string, decode: () => Value | null): Value {
  let value: Value | null
  try {
    value = decode()
  } catch (cause) {
    throw badAnswer(`${what} is not written as the metadata says`, cause)
  }
  if (value === null) throw badAnswer(`there is no ${what}`)
  return value
}

function badAnswer(message: string, cause?: unknown): ChainError {
  return new ChainError({ code: 'bad_answer', message, cause })
}
