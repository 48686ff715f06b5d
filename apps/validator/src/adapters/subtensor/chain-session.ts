import { z } from 'zod'

import { ChainError } from '../../ports/chain.ts'
import { RpcRefusal } from './rpc-refusal.ts'
import type { RpcSocket } from './rpc-socket.ts'
import { Runtime, SUBTENSOR, type StorageItem } from './runtime.ts'

const hashSchema = z.string().regex(/^0x[0-9a-f]{64}$/)
// Without a group that is kept: that takes stack for each byte, and a node may send many.
const hexSchema = z.string().regex(/^0x(?:[0-9a-f]{2})*$/)
const headerSchema = z.object({ number: z.string().regex(/^0x[0-9a-f]{1,12}$/) })
const versionSchema = z.object({ specVersion: z.int(), transactionVersion: z.int() })
const changesSchema = z
  .array(z.object({ changes: z.array(z.tuple([hexSchema, hexSchema.nullable()])) }))
  .min(1)

/** One value to be read: an item and its arguments. */
export interface StorageQuestion {
  readonly item: string
  readonly args: readonly unknown[]
  /** @default SubtensorModule */
  readonly pallet?: string
}

/** A block whose state is read. */
export interface BlockAt {
  readonly blockNumber: number
  readonly blockHash: string
}

/** Questions to a node, each at a block that the caller names, its answers checked for their form. */
export class ChainSession {
  readonly #rpc: RpcSocket
  #runtime: Runtime | null = null

  constructor(rpc: RpcSocket) {
    this.#rpc = rpc
  }

  /** A call whose answer must fit. @throws ChainError `bad_answer` when it does not, or the node refuses; `unreachable`. */
  async ask<Answer>(
    schema: z.ZodType<Answer>,
    method: string,
    params: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<Answer> {
    try {
      return parseAnswer(schema, method, await this.#rpc.request(method, params, signal))
    } catch (cause) {
      if (!(cause instanceof RpcRefusal)) throw cause
      throw new ChainError({ code: 'bad_answer', message: cause.message, cause })
    }
  }

  /** The newest final block. */
  async finalised(signal?: AbortSignal): Promise<BlockAt> {
    const blockHash = await this.ask(hashSchema, 'chain_getFinalizedHead', [], signal)
    return { blockHash, blockNumber: await this.numberOf(blockHash, signal) }
  }

  /** The newest block, which may still be replaced. */
  async newest(signal?: AbortSignal): Promise<BlockAt> {
    const blockHash = await this.ask(hashSchema, 'chain_getBlockHash', [], signal)
    return { blockHash, blockNumber: await this.numberOf(blockHash, signal) }
  }

  async numberOf(blockHash: string, signal?: AbortSignal): Promise<number> {
    const header = await this.ask(headerSchema, 'chain_getHeader', [blockHash], signal)
    return Number.parseInt(header.number, 16)
  }

  /** The block at a height of the chain as it is now. @throws ChainError `bad_answer` when it is not that long. */
  async hashOf(blockNumber: number, signal?: AbortSignal): Promise<string> {
    return await this.ask(hashSchema, 'chain_getBlockHash', [blockNumber], signal)
  }

  /** @throws ChainError `reorganised` when the block is not part of the chain any more. */
  async checkStillThere({ blockNumber, blockHash }: BlockAt, signal?: AbortSignal): Promise<void> {
    const now = await this.hashOf(blockNumber, signal)
    if (now === blockHash) return
    throw new ChainError({
      code: 'reorganised',
      message: `block ${blockNumber} was ${blockHash} and is ${now} now`,
    })
  }

  /** The runtime of a block; its metadata is fetched once per version. */
  async runtimeAt(blockHash: string, signal?: AbortSignal): Promise<Runtime> {
    const version = await this.ask(versionSchema, 'state_getRuntimeVersion', [blockHash], signal)
    if (this.#runtime?.specVersion !== version.specVersion) {
      // Version 15 of the format tells of runtime APIs; its number goes in as little-endian u32.
      const params = ['Metadata_metadata_at_version', '0x0f000000', blockHash]
      const metadata = await this.ask(hexSchema, 'state_call', params, signal)
      this.#runtime = new Runtime({ metadata, ...version })
    }
    return this.#runtime
  }

  /** Values at one block, by the names under which they were asked; all by one call. */
  async read(
    runtime: Runtime,
    blockHash: string,
    questions: Readonly<Record<string, StorageQuestion>>,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>> {
    const asked = Object.entries(questions).map(([name, { item, args, pallet }]) => {
      const storage = runtime.storage(item, pallet ?? SUBTENSOR)
      return { name, storage, key: storage.key(...args) }
    })
    const keys = asked.map(({ key }) => key)
    const values = await this.#values(keys, blockHash, signal)
    return Object.fromEntries(
      asked.map(({ name, storage, key }) => [name, storage.decode(answered(values, key, name))]),
    )
  }

  /** The values of keys of one item, by key. */
  async readKeys(
    storage: StorageItem,
    keys: readonly string[],
    blockHash: string,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>> {
    if (keys.length === 0) return {}
    const values = await this.#values(keys, blockHash, signal)
    return Object.fromEntries(keys.map((key) => [key, storage.decode(answered(values, key, 'a key'))]))
  }

  /** A runtime API's answer at one block. */
  async runtimeCall(
    runtime: Runtime,
    blockHash: string,
    call: Readonly<{ api: string; method: string; args: readonly unknown[] }>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const { encode, decode } = runtime.runtimeApi(call.api, call.method)
    const argument = `0x${Buffer.from(encode(call.args)).toString('hex')}`
    const params = [`${call.api}_${call.method}`, argument, blockHash]
    return decode(await this.ask(hexSchema, 'state_call', params, signal))
  }

  /** All keys of an item that begin with some of its arguments, at most 1,000. */
  async keysOf(prefix: string, blockHash: string, signal?: AbortSignal): Promise<readonly string[]> {
    return await this.ask(z.array(hexSchema), 'state_getKeysPaged', [prefix, 1_000, null, blockHash], signal)
  }

  async #values(
    keys: readonly string[],
    blockHash: string,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, string | null>> {
    const answer = await this.ask(changesSchema, 'state_queryStorageAt', [keys, blockHash], signal)
    return new Map(answer.flatMap(({ changes }) => changes))
  }
}

/** What is missing is no answer: taken for a value that is not set, it would be one. */
function answered(values: ReadonlyMap<string, string | null>, key: string, name: string): string | null {
  const value = values.get(key)
  if (value !== undefined) return value
  throw new ChainError({ code: 'bad_answer', message: `the node left out ${name}, which was asked for` })
}

/** @throws ChainError `bad_answer` that names what was asked and the first thing that does not fit. */
export function parseAnswer<Answer>(schema: z.ZodType<Answer>, asked: string, answer: unknown): Answer {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where =
    issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`
  throw new ChainError({
    code: 'bad_answer',
    message: `${asked} was answered with what cannot be${where}: ${issue?.message ?? 'another form'}`,
    cause: parsed.error,
  })
}
