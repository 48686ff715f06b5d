import { InputError } from '@subnetkit/core'
import type { z } from 'zod'

import { nextPermits, stakeShares } from '../../yuma/stake-shares.ts'
import {
  LOCAL_CHAIN_DEFAULTS,
  localChainParametersSchema,
  type LocalChainParameters,
} from './local-chain-parameters.ts'
import { epochInput } from './local-epoch.ts'
import { localChainStateSchema, type LocalChainState } from './local-chain-state.ts'
import { newNeuron } from './register-neuron.ts'

const RAO = 1_000_000_000n

/** What a validator of a local subnet has at stake unless it is said otherwise, in rao. */
const VALIDATOR_STAKE = 1_000n * RAO

/** A key pair's public half of a neuron. */
export interface LocalAccount {
  readonly hotkey: string
  readonly coldkey: string
}

/** A subnet to begin with. */
export interface LocalSubnetParams {
  readonly netuid: number
  /** Decides the other validators' errors and the hashes of blocks. */
  readonly seed: string
  readonly startedAt: Date
  /** The first block's number. @default 0 */
  readonly startBlock?: number
  readonly blockMs: number
  /** Holds uid 0 and owns the subnet: its permit does not depend on stake. */
  readonly owner: LocalAccount
  /** The operator's own validator, with the given rao at stake. */
  readonly validator: LocalAccount & Readonly<{ stake?: bigint }>
  /** Validators that the chain plays, each off by up to `error` of a score. At least two keep consensus nobody's own. */
  readonly peers: readonly (LocalAccount & Readonly<{ stake?: bigint; error: number }>)[]
  /** In the order of their uids, with what an honest validator would find each worth, 0 to 1. */
  readonly miners: readonly (LocalAccount & Readonly<{ score: number }>)[]
  /** Those of {@link LOCAL_CHAIN_DEFAULTS} otherwise. */
  readonly parameters?: Partial<LocalChainParameters>
}

/**
 * A subnet at its first block: owner, validator, peers and miners in this order, permits as stake gives them, as if an
 * epoch had run before. @throws InputError for keys that are no addresses or stand twice, more neurons than have room, or
 * parameters that the chain could not hold.
 */
export function createLocalSubnet(params: LocalSubnetParams): LocalChainState {
  const { netuid, seed, startedAt, startBlock = 0, blockMs, owner, validator, peers, miners } = params
  const parameters = { ...LOCAL_CHAIN_DEFAULTS, ...params.parameters }
  checkEncodes('subnet parameter', localChainParametersSchema, parameters)
  const newcomers = [
    { ...owner, stake: 0n },
    { ...validator, stake: validator.stake ?? VALIDATOR_STAKE },
    ...peers.map((peer) => ({ ...peer, stake: peer.stake ?? VALIDATOR_STAKE })),
    ...miners.map((miner) => ({ ...miner, stake: 0n })),
  ]
  checkRoom(
    newcomers.map(({ hotkey }) => hotkey),
    parameters.maxUids,
  )
  const state: LocalChainState = {
    version: 1,
    netuid,
    genesis: { block: startBlock, at: startedAt.toISOString(), seed },
    blockMs,
    parameters,
    block: startBlock,
    lastEpochBlock: startBlock,
    epoch: 0,
    ownerHotkey: owner.hotkey,
    neurons: newcomers.map((newcomer) => newNeuron({ ...newcomer, score: 0 }, startBlock)),
    hashCommits: [],
    timelockedCommits: [],
    peers: peers.map(({ hotkey, error }) => ({ hotkey, error })),
    scores: Object.fromEntries(miners.map(({ hotkey, score }) => [hotkey, score])),
    extrinsics: 0,
  }
  checkEncodes('subnet', localChainStateSchema, state)
  const input = epochInput(state)
  const stake = stakeShares(input.state, input.parameters)
  const permits = nextPermits(stake, input.parameters, input.state.ownerUid)
  const neurons = state.neurons.map((neuron, uid) => ({ ...neuron, hasPermit: permits[uid] === true }))
  return { ...state, neurons }
}

function checkEncodes<Value>(field: string, schema: z.ZodType<Value>, value: Value): void {
  const encoded = schema.safeEncode(value)
  if (encoded.success) return
  const [issue] = encoded.error.issues
  throw new InputError({
    field: `${field} ${issue?.path.join('.') ?? ''}`,
    problem: `is wrong (${issue?.message ?? 'unknown'})`,
    hint: 'give a value that the chain could hold',
  })
}

function checkRoom(hotkeys: readonly string[], maxUids: number): void {
  const twice = hotkeys.find((hotkey, at) => hotkeys.indexOf(hotkey) < at)
  if (twice !== undefined) {
    throw new InputError({
      field: 'hotkey',
      value: twice,
      problem: 'stands twice',
      hint: 'give each neuron a hotkey of its own',
    })
  }
  if (hotkeys.length <= maxUids) return
  throw new InputError({
    field: 'neurons',
    value: hotkeys.length,
    problem: `are more than the ${maxUids} that the subnet has room for`,
    hint: 'give fewer miners or a larger maxUids',
  })
}
