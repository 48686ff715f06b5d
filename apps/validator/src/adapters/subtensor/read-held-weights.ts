import { z } from 'zod'

import { ChainError, type HeldWeights } from '../../ports/chain.ts'
import { integerSchema, u16NumberSchema } from './chain-numbers.ts'
import { parseAnswer, type BlockAt, type ChainSession, type StorageQuestion } from './chain-session.ts'
import type { Runtime } from './runtime.ts'

const uidSchema = z.object({ uid: u16NumberSchema.nullable() })
/** `(hash, block, first block of the reveal, last block of it)`; in newer runtimes `(hash, epoch, block, 0)`. */
const hashCommitSchema = z.tuple([z.unknown(), integerSchema, integerSchema, integerSchema])
const rowSchema = z.object({ weights: z.array(z.tuple([u16NumberSchema, u16NumberSchema])) })
type Row = z.infer<typeof rowSchema>['weights']
const heldSchema = rowSchema.extend({
  lastUpdate: z.array(integerSchema),
  hashCommits: z.array(hashCommitSchema).nullable(),
  revealPeriod: integerSchema,
  epochIndex: integerSchema.optional(),
  epochBlock: integerSchema.optional(),
})
/** `(hotkey, block, ciphertext, round)`, newest runtimes first; the oldest lacks the block. */
const lockedCommitsSchema = z.record(
  z.string(),
  z.array(
    z.union([
      z.tuple([z.string(), integerSchema, z.unknown(), integerSchema]),
      z.tuple([z.string(), z.unknown(), integerSchema]),
    ]),
  ),
)
const lockedItems = ['TimelockedWeightCommits', 'CRV3WeightCommitsV2', 'CRV3WeightCommits']

interface Asked {
  readonly runtime: Runtime
  readonly block: BlockAt
  readonly netuid: number
  readonly hotkey: string
}

/** @throws ChainError `not_registered` when the hotkey has no uid there; as {@link ChainSession.read} otherwise. */
export async function readHeldWeights(
  session: ChainSession,
  asked: Asked,
  signal?: AbortSignal,
): Promise<HeldWeights> {
  const { runtime, block, netuid, hotkey } = asked
  const name = `what ${hotkey} holds on subnet ${netuid}`
  const found = await session.read(
    runtime,
    block.blockHash,
    { uid: { item: 'Uids', args: [netuid, hotkey] } },
    signal,
  )
  const { uid } = parseAnswer(uidSchema, name, found)
  if (uid === null) {
    throw new ChainError({
      code: 'not_registered',
      message: `${hotkey} has no uid on subnet ${netuid} at block ${block.blockNumber}`,
    })
  }
  const questions: Record<string, StorageQuestion> = {
    weights: { item: 'Weights', args: [netuid, uid] },
    lastUpdate: { item: 'LastUpdate', args: [netuid] },
    hashCommits: { item: 'WeightCommits', args: [netuid, hotkey] },
    revealPeriod: { item: 'RevealPeriodEpochs', args: [netuid] },
    ...where(runtime, 'epochIndex', { item: 'SubnetEpochIndex', args: [netuid] }),
    ...where(runtime, 'epochBlock', { item: 'LastMechansimStepBlock', args: [netuid] }),
  }
  const held = parseAnswer(heldSchema, name, await session.read(runtime, block.blockHash, questions, signal))
  const lastUpdate = held.lastUpdate[uid]
  if (lastUpdate === undefined) {
    throw new ChainError({ code: 'bad_answer', message: `${name} lacks the last update of uid ${uid}` })
  }
  const open = [
    ...openHashCommits(held, block.blockNumber),
    ...(await openLockedCommits(session, asked, lastUpdate, signal)),
  ]
  return {
    blockNumber: block.blockNumber,
    lastUpdate,
    vector: { uids: held.weights.map(([to]) => to), values: held.weights.map(([, value]) => value) },
    isOfLastEpoch: await stoodAt(
      session,
      asked,
      { uid, weights: held.weights },
      held.epochBlock ?? 0,
      signal,
    ),
    openCommits: open.toSorted((one, other) => one - other),
  }
}

/**
 * Whether a row was the same in the state of the last epoch's block, in which commits are opened before the epoch runs.
 * Nodes forget old states: then nobody can say so.
 */
async function stoodAt(
  session: ChainSession,
  { runtime, netuid }: Asked,
  row: Readonly<{ uid: number; weights: Row }>,
  epochBlock: number,
  signal?: AbortSignal,
): Promise<boolean> {
  if (epochBlock === 0) return false
  try {
    const blockHash = await session.hashOf(epochBlock, signal)
    const question = { weights: { item: 'Weights', args: [netuid, row.uid] } }
    const read = await session.read(runtime, blockHash, question, signal)
    const { weights } = parseAnswer(rowSchema, `weights at block ${epochBlock}`, read)
    return String(weights) === String(row.weights)
  } catch (error) {
    if (error instanceof ChainError && error.code === 'bad_answer') return false
    throw error
  }
}

function where(runtime: Runtime, name: string, question: StorageQuestion): Record<string, StorageQuestion> {
  return runtime.hasStorage(question.item) ? { [name]: question } : {}
}

function openHashCommits(held: z.infer<typeof heldSchema>, blockNumber: number): readonly number[] {
  const commits = held.hashCommits ?? []
  const { epochIndex, revealPeriod } = held
  if (epochIndex === undefined) {
    return commits.filter(([, , , last]) => blockNumber <= last).map(([, block]) => block)
  }
  return commits.filter(([, epoch]) => epochIndex <= epoch + revealPeriod).map(([, , block]) => block)
}

/** The chain removes them when it opens or forgets them: what is there is open. */
async function openLockedCommits(
  session: ChainSession,
  { runtime, block, netuid, hotkey }: Asked,
  lastUpdate: number,
  signal?: AbortSignal,
): Promise<readonly number[]> {
  const item = lockedItems.find((name) => runtime.hasStorage(name))
  if (item === undefined) return []
  const storage = runtime.storage(item)
  const keys = await session.keysOf(storage.key(netuid), block.blockHash, signal)
  const commits = await session.readKeys(storage, keys, block.blockHash, signal)
  return Object.values(parseAnswer(lockedCommitsSchema, item, commits))
    .flat()
    .filter(([who]) => who === hotkey)
    .map((commit) => (commit.length === 4 ? commit[1] : lastUpdate))
}
