import { createHash } from 'node:crypto'
import { join } from 'node:path'

import { type Clock, InputError, type Miner } from '@subnetkit/core'

import { createLocalSubnet, type LocalAccount } from './adapters/local-chain/create-local-subnet.ts'
import { type LocalChain, openLocalChain } from './adapters/local-chain/open-local-chain.ts'
import { addressOf } from '@subnetkit/core/ss58'
import type { ComposeChainParams, ComposedChain } from './compose-chain.ts'
import type { ChainOptions } from './ports/chain.ts'
import { LOCAL_HOSTS } from './sampling/register-local-miners.ts'
import { isScored, readAllMiners } from './scoring/scored-miners.ts'
import { snapshotScores } from './scoring/snapshot-scores.ts'

/** How far off the other validators of a local subnet may be. */
const PEER_ERRORS = [0.02, 0.05] as const
const MAX_LOCAL_UIDS = 4_096

/**
 * Opens the local chain of the data folder. Its subnet is begun with the miners that are registered by then; later ones
 * join as they come.
 */
export async function composeLocalChain(
  params: ComposeChainParams,
  options?: ChainOptions,
): Promise<ComposedChain> {
  const { dataDir, netuid, clock, log, validatorHotkey, repositories } = params
  const known = await readAllMiners(repositories.miners, options)
  const miners = known.filter(isScored)
  if (miners.length > MAX_LOCAL_UIDS - LOCAL_HOSTS) {
    throw new InputError({
      field: 'miners',
      value: miners.length,
      problem: `are more than the ${MAX_LOCAL_UIDS - LOCAL_HOSTS} that a local subnet has room for`,
      hint: 'use a chain of its own for so many',
    })
  }
  const chain = openLocalChain({
    folder: localChainFolder(dataDir, netuid),
    clock,
    log,
    signerHotkey: validatorHotkey,
    createSubnet: (now) =>
      createLocalSubnet({
        netuid,
        seed: `subnet ${netuid}`,
        startedAt: now,
        startBlock: blockBefore(known),
        blockMs: params.blockMs,
        owner: account('owner', netuid),
        validator: { hotkey: validatorHotkey, coldkey: account('validator', netuid).coldkey },
        peers: PEER_ERRORS.map((error, at) => ({ ...account(`peer ${at}`, netuid), error })),
        miners: miners.map((miner) => ({ ...minerAccount(miner), score: 0 })),
        parameters: { maxUids: Math.min(MAX_LOCAL_UIDS, Math.max(256, miners.length + LOCAL_HOSTS)) },
      }),
  })
  return {
    chain,
    netuid,
    prepare: async (callOptions) => await tellLocalChain(chain, { netuid, repositories, clock }, callOptions),
    [Symbol.asyncDispose]: async () => await chain.close(),
  }
}

/**
 * Registers who is new, which is who no chain was asked for yet: a miner that was deregistered comes back by registering
 * again. Honest validators find what we find: the others weigh by our newest scores, each with an error of its own.
 */
async function tellLocalChain(
  chain: LocalChain,
  known: Readonly<{
    netuid: number
    repositories: ComposeChainParams['repositories']
    clock: Clock
  }>,
  options: ChainOptions | undefined,
): Promise<void> {
  const { netuid, repositories, clock } = known
  const miners = (await readAllMiners(repositories.miners, options)).filter(isScored)
  const { neurons } = await chain.metagraph({ netuid }, options)
  const there = new Set(neurons.map(({ hotkey }) => hotkey))
  for (const miner of miners) {
    if (miner.place !== null || there.has(miner.hotkey)) continue
    await chain.register({ ...minerAccount(miner), stake: 0n, score: 0 }, options)
  }
  const now = clock.now()
  const snapshot = await repositories.minerScores.findLatestSnapshot({ now }, options)
  if (snapshot === null) return
  const scores = new Map<string, number>()
  const published = snapshotScores(repositories.minerScores, { snapshot, now }, options)
  for await (const { minerHotkey, weight } of published) scores.set(minerHotkey, weight)
  await chain.learnScores(scores, options)
}

/** Where a data folder keeps the local chain of a subnet. */
export function localChainFolder(dataDir: string, netuid: number): string {
  return join(dataDir, 'local-chain', String(netuid))
}

/** Blocks of samples, scores and the registry come before the chain's: what is of the future could never be too old. */
function blockBefore(miners: readonly Miner[]): number {
  return miners.reduce((most, { lastBlock, place }) => {
    return Math.max(most, lastBlock ?? 0, place?.blockNumber ?? 0)
  }, 0)
}

function minerAccount({ hotkey, coldkey }: Miner): LocalAccount {
  return { hotkey, coldkey: coldkey ?? hotkey }
}

/** An account of the local chain's own that nobody holds a key of. */
function account(name: string, netuid: number): LocalAccount {
  const key = (kind: string): string =>
    addressOf(createHash('sha256').update(`local chain ${netuid} ${name} ${kind}`).digest())
  return { hotkey: key('hotkey'), coldkey: key('coldkey') }
}
