import { z } from 'zod'

import { publicKeyOf } from '@subnetkit/core/ss58'
import { ChainError, type Metagraph, type MetagraphNeuron } from '../../ports/chain.ts'
import { bigSchema, integerSchema, u16NumberSchema } from './chain-numbers.ts'
import { parseAnswer, type BlockAt, type ChainSession } from './chain-session.ts'
import { readSubnet } from './read-subnet.ts'
import type { Runtime } from './runtime.ts'

const accountSchema = z.string().refine((text) => publicKeyOf(text) !== null, 'is no account')
/** The runtime's `Metagraph`, as far as we need it: one entry per uid in each list. */
const metagraphSchema = z.object({
  netuid: u16NumberSchema,
  block: integerSchema,
  last_step: integerSchema,
  owner_hotkey: accountSchema,
  hotkeys: z.array(accountSchema),
  coldkeys: z.array(accountSchema),
  active: z.array(z.boolean()),
  validator_permit: z.array(z.boolean()),
  last_update: z.array(integerSchema),
  emission: z.array(bigSchema),
  dividends: z.array(u16NumberSchema),
  incentives: z.array(u16NumberSchema),
  consensus: z.array(u16NumberSchema),
  block_at_registration: z.array(integerSchema),
  total_stake: z.array(bigSchema),
})
const trustSchema = z.object({ validatorTrust: z.array(u16NumberSchema) })

/** The account of 32 zero bytes: what the chain has where nobody is the owner. */
const NOBODY = '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM'

type RuntimeMetagraph = z.infer<typeof metagraphSchema>

/**
 * A subnet, all of it read at one block.
 *
 * @throws ChainError `no_subnet`; `bad_answer` when lists differ in length, a hotkey is there twice, or the answer is of
 * another subnet or block.
 */
export async function readMetagraph(
  session: ChainSession,
  params: Readonly<{ runtime: Runtime; block: BlockAt; netuid: number }>,
  signal?: AbortSignal,
): Promise<Metagraph> {
  const { runtime, block, netuid } = params
  const { at, schedule } = await readSubnet(session, params, signal)
  const call = { api: 'SubnetInfoRuntimeApi', method: 'get_metagraph', args: [netuid] }
  const answer = await session.runtimeCall(runtime, block.blockHash, call, signal)
  const asked = `the metagraph of subnet ${netuid}`
  const graph = parseAnswer(metagraphSchema, asked, answer)
  const trust = await session.read(
    runtime,
    block.blockHash,
    { validatorTrust: { item: 'ValidatorTrust', args: [netuid] } },
    signal,
  )
  const { validatorTrust } = parseAnswer(trustSchema, asked, trust)
  check(graph.netuid === netuid, `${asked} is of subnet ${graph.netuid}`)
  check(
    graph.block === block.blockNumber,
    `${asked} at block ${block.blockNumber} is of block ${graph.block}`,
  )
  return {
    netuid,
    blockNumber: block.blockNumber,
    blockHash: block.blockHash,
    at,
    epochBlock: graph.last_step,
    nextEpochBlock: schedule.nextEpochBlock,
    ownerHotkey: graph.owner_hotkey === NOBODY ? null : graph.owner_hotkey,
    neurons: neuronsOf(graph, validatorTrust, asked),
  }
}

function neuronsOf(
  graph: RuntimeMetagraph,
  validatorTrust: readonly number[],
  asked: string,
): readonly MetagraphNeuron[] {
  const size = graph.hotkeys.length
  const columns = {
    coldkey: graph.coldkeys,
    stake: graph.total_stake,
    incentive: graph.incentives,
    dividends: graph.dividends,
    consensus: graph.consensus,
    validatorTrust,
    emission: graph.emission,
    hasPermit: graph.validator_permit,
    isActive: graph.active,
    lastUpdate: graph.last_update,
    registeredAt: graph.block_at_registration,
  }
  for (const [name, column] of Object.entries(columns)) {
    check(column.length === size, `${asked} has ${size} hotkeys and ${column.length} entries of ${name}`)
  }
  check(new Set(graph.hotkeys).size === size, `${asked} has a hotkey at two uids`)
  const entry = <Value>(column: readonly Value[], uid: number): Value => {
    const value = column[uid]
    if (value === undefined) throw badAnswer(`${asked} lacks uid ${uid}`)
    return value
  }
  return graph.hotkeys.map((hotkey, uid) => ({
    uid,
    hotkey,
    coldkey: entry(columns.coldkey, uid),
    stake: entry(columns.stake, uid),
    incentive: entry(columns.incentive, uid),
    dividends: entry(columns.dividends, uid),
    consensus: entry(columns.consensus, uid),
    validatorTrust: entry(columns.validatorTrust, uid),
    emission: entry(columns.emission, uid),
    hasPermit: entry(columns.hasPermit, uid),
    isActive: entry(columns.isActive, uid),
    lastUpdate: entry(columns.lastUpdate, uid),
    registeredAt: entry(columns.registeredAt, uid),
  }))
}

function check(isGood: boolean, message: string): void {
  if (!isGood) throw badAnswer(message)
}

function badAnswer(message: string): ChainError {
  return new ChainError({ code: 'bad_answer', message })
}
