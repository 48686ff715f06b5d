import { blake2b } from '@noble/hashes/blake2.js'

import type { LocalChainState } from './local-chain-state.ts'

/** The number of the newest block at a time. A clock that goes back takes no block back. */
export function blockAt(state: LocalChainState, now: Date): number {
  const elapsedMs = now.getTime() - Date.parse(state.genesis.at)
  return Math.max(state.block, state.genesis.block + Math.floor(elapsedMs / state.blockMs))
}

/** When a block was made. Each transaction seals one at once, so that busy chains run ahead of the clock until it catches up. */
export function timeOfBlock({ genesis, blockMs }: LocalChainState, block: number): Date {
  return new Date(Date.parse(genesis.at) + (block - genesis.block) * blockMs)
}

/** A block's hash: `0x` and 64 hex digits, the same whenever it is asked for. */
export function hashOfBlock({ genesis, netuid }: LocalChainState, block: number): string {
  return hashOf(`block ${netuid} ${genesis.at} ${genesis.seed} ${block}`)
}

/** A transaction's hash, given its number on this chain. */
export function hashOfExtrinsic({ genesis, netuid }: LocalChainState, number: number): string {
  return hashOf(`extrinsic ${netuid} ${genesis.at} ${genesis.seed} ${number}`)
}

function hashOf(text: string): string {
  return `0x${Buffer.from(blake2b(new TextEncoder().encode(text), { dkLen: 32 })).toString('hex')}`
}
