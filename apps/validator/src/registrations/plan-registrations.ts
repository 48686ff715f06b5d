import { isDeregistered, type Miner, type MinerPlace } from '@subnetkit/core'

import type { Metagraph, MetagraphNeuron } from '../ports/chain.ts'

/**
 * What became of a miner. `moved`: it stands at another uid than the registry says. `replaced`: its uid is another
 * hotkey's now. `gone`: its uid does not exist any more. `returned`: it was deregistered and is back. `reregistered`: it
 * took its own uid anew. `joined`: the chain was asked for the first time, and has it where the registry says or where
 * the registry knew no uid. `coldkey`: only its coldkey is another.
 */
export type RegistrationChangeKind =
  'moved' | 'replaced' | 'gone' | 'returned' | 'reregistered' | 'joined' | 'coldkey'

/** One miner's change, as the chain says it. */
export interface RegistrationChange {
  readonly kind: RegistrationChangeKind
  readonly hotkey: string
  /** The uid that the registry has. */
  readonly from: number | null
  /** Null for who is deregistered. */
  readonly to: number | null
  /** Who has the old uid now; null when nobody or the miner itself does. */
  readonly heldBy: string | null
  readonly place: MinerPlace
  /** Null for who is deregistered: its last one stays. */
  readonly coldkey: string | null
}

/** A neuron that the registry does not know: its model and endpoint are not for the chain to say. */
export type UnknownNeuron = Pick<MetagraphNeuron, 'uid' | 'hotkey' | 'registeredAt' | 'hasPermit'>

/** Why a subnet changes nothing. */
export interface RegistrationRefusal {
  readonly kind: 'refused'
  readonly reason: 'no_answer' | 'bad_answer' | 'other_subnet' | 'empty_subnet' | 'older_block'
  readonly why: string
  readonly wayOut: string
}

/** What is to be changed in the registry. */
export interface RegistrationPlan {
  readonly kind: 'plan'
  /** By hotkey. */
  readonly changes: readonly RegistrationChange[]
  /** By uid. */
  readonly newcomers: readonly UnknownNeuron[]
  /** Miners of whom the chain says nothing new. */
  readonly unchanged: number
  /**
   * A miner that did not change, to be placed at this block all the same: so that the registry knows how far it has
   * come. Null when a change does that, or nobody is there.
   */
  readonly witness: Pick<RegistrationChange, 'hotkey' | 'place' | 'coldkey'> | null
}

/** A registry, and a subnet to compare it with. */
export interface PlanRegistrationsParams {
  readonly netuid: number
  /** All of them. */
  readonly miners: readonly Miner[]
  readonly metagraph: Metagraph
}

/**
 * Compares the registry with a subnet at one block. A subnet without neurons, of another netuid, or of a block before the
 * registry's last one is refused: it says nothing about who is registered now.
 */
export function planRegistrations(params: PlanRegistrationsParams): RegistrationPlan | RegistrationRefusal {
  const { metagraph } = params
  const miners = params.miners.toSorted((a, b) => (a.hotkey < b.hotkey ? -1 : 1))
  const refusal = refusalOf(params)
  if (refusal !== null) return refusal
  const neurons = new Map(metagraph.neurons.map((neuron) => [neuron.hotkey, neuron]))
  const holders = new Map(metagraph.neurons.map(({ uid, hotkey }) => [uid, hotkey]))
  const changes: RegistrationChange[] = []
  let witness: RegistrationPlan['witness'] = null
  for (const miner of miners) {
    const neuron = neurons.get(miner.hotkey) ?? null
    const place = placeOf(neuron, metagraph)
    const kind = changeOf(miner, neuron, metagraph)
    if (kind === null) {
      if (miner.place !== null) witness ??= { hotkey: miner.hotkey, place, coldkey: miner.coldkey }
      continue
    }
    const holder = miner.uid === null ? undefined : holders.get(miner.uid)
    changes.push({
      kind: kind === 'gone' && holder !== undefined ? 'replaced' : kind,
      hotkey: miner.hotkey,
      from: miner.uid,
      to: place.uid,
      heldBy: holder === miner.hotkey ? null : (holder ?? null),
      place,
      coldkey: neuron?.coldkey ?? null,
    })
  }
  const known = new Set(miners.map(({ hotkey }) => hotkey))
  return {
    kind: 'plan',
    changes,
    newcomers: metagraph.neurons
      .filter(({ hotkey }) => !known.has(hotkey))
      .map(({ uid, hotkey, registeredAt, hasPermit }) => ({ uid, hotkey, registeredAt, hasPermit })),
    unchanged: miners.length - changes.length,
    witness: changes.length === 0 ? witness : null,
  }
}

function refusalOf({ netuid, miners, metagraph }: PlanRegistrationsParams): RegistrationRefusal | null {
  const refuse = (
    reason: RegistrationRefusal['reason'],
    why: string,
    wayOut: string,
  ): RegistrationRefusal => ({ kind: 'refused', reason, why, wayOut })
  if (metagraph.netuid !== netuid) {
    const why = `the chain answered with subnet ${metagraph.netuid} when it was asked for ${netuid}`
    return refuse('other_subnet', why, 'ask again, or another node: SUBTENSOR_URL')
  }
  const places = miners.flatMap(({ place }) => place ?? [])
  const other = places.find((place) => place.netuid !== netuid)
  if (other !== undefined) {
    const why = `these tables hold the miners of subnet ${other.netuid}, not of ${netuid}`
    return refuse(
      'other_subnet',
      why,
      `give --netuid ${other.netuid}, or other tables: DYNAMODB_TABLE_PREFIX`,
    )
  }
  if (metagraph.neurons.length === 0) {
    const why = `subnet ${netuid} has no neurons at block ${metagraph.blockNumber}, which cannot be told from a bad answer`
    return refuse('empty_subnet', why, 'ask again, or another node: SUBTENSOR_URL')
  }
  const newest = places.reduce((most, { blockNumber }) => Math.max(most, blockNumber), 0)
  if (metagraph.blockNumber >= newest) return null
  const why = `the chain answered as of block ${metagraph.blockNumber}, and the registry is as of block ${newest} already`
  return refuse('older_block', why, 'wait until the node has caught up, or ask another one: SUBTENSOR_URL')
}

function placeOf(neuron: MetagraphNeuron | null, { netuid, blockNumber }: Metagraph): MinerPlace {
  return {
    netuid,
    uid: neuron?.uid ?? null,
    registeredAt: neuron?.registeredAt ?? null,
    blockNumber,
  }
}

function changeOf(
  miner: Miner,
  neuron: MetagraphNeuron | null,
  { blockNumber }: Metagraph,
): RegistrationChangeKind | null {
  const { uid, place } = miner
  if (neuron === null) {
    if (uid === null && (place === null || isDeregistered(miner))) return null
    // Written down after this block, and never looked for since.
    return place === null && (miner.lastBlock ?? 0) > blockNumber ? null : 'gone'
  }
  if (isDeregistered(miner)) return 'returned'
  if (uid !== null && uid !== neuron.uid) return 'moved'
  if (place === null) return 'joined'
  if (place.uid !== neuron.uid) return 'moved'
  if (place.registeredAt !== neuron.registeredAt) return 'reregistered'
  if (uid === null) return 'moved'
  return miner.coldkey === neuron.coldkey ? null : 'coldkey'
}
