import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

import { ChainSession } from '../../apps/validator/src/adapters/subtensor/chain-session.ts'
import { readExtrinsicResult } from '../../apps/validator/src/adapters/subtensor/extrinsic-result.ts'
import { RpcRefusal } from '../../apps/validator/src/adapters/subtensor/rpc-refusal.ts'
import { RpcSocket } from '../../apps/validator/src/adapters/subtensor/rpc-socket.ts'
import type { Runtime } from '../../apps/validator/src/adapters/subtensor/runtime.ts'
import { signExtrinsic } from '../../apps/validator/src/adapters/subtensor/sign-extrinsic.ts'
import type { HotkeySigner } from '../../apps/validator/src/wallet/hotkey-signer.ts'

/** A real runtime that makes a block when it is told to. */
export class DevChain implements AsyncDisposable {
  readonly url: string
  readonly runtime: Runtime
  readonly rpc: RpcSocket
  readonly session: ChainSession
  readonly #node: ChildProcess

  private constructor(
    parts: Readonly<{
      url: string
      node: ChildProcess
      rpc: RpcSocket
      session: ChainSession
      runtime: Runtime
    }>,
  ) {
    this.url = parts.url
    this.#node = parts.node
    this.rpc = parts.rpc
    this.session = parts.session
    this.runtime = parts.runtime
  }

  static async start(spec: string): Promise<DevChain> {
    const script = join(import.meta.dirname, '../start-node.mjs')
    const node = spawn(process.execPath, [script, spec], { stdio: ['pipe', 'pipe', 'inherit'] })
    const url = await addressOf(node)
    const rpc = new RpcSocket({ url, description: url, answerTimeout: 60_000 })
    const session = new ChainSession(rpc)
    const { blockHash } = await session.newest()
    return new DevChain({ url, node, rpc, session, runtime: await session.runtimeAt(blockHash) })
  }

  /** The first block fails when a slot of the clock begins between two readings of it: tried again then. */
  async newBlock(attempts = 5): Promise<string> {
    const before = await this.session.newest()
    const blockHash = String(await this.rpc.request('dev_newBlock', [{ count: 1 }]))
    if (blockHash !== before.blockHash) return blockHash
    if (attempts === 1) throw new Error('the runtime makes no block: what it wrote stands above')
    return await this.newBlock(attempts - 1)
  }

  /** Sets a value as its bytes in SCALE. */
  async set(item: string, args: readonly unknown[], value: Uint8Array, pallet?: string): Promise<void> {
    const key = this.runtime.storage(item, pallet).key(...args)
    await this.rpc.request('dev_setStorage', [[[key, `0x${Buffer.from(value).toString('hex')}`]]])
  }

  async get(item: string, args: readonly unknown[], pallet = 'SubtensorModule'): Promise<unknown> {
    const { blockHash } = await this.session.newest()
    return (await this.session.read(this.runtime, blockHash, { value: { item, args, pallet } }))['value']
  }

  /** Makes blocks until something holds, which is asked after each. @throws Error after so many blocks. */
  async until(what: string, holds: () => Promise<boolean>, atMost = 24): Promise<void> {
    for (let block = 0; block < atMost; block++) {
      if (await holds()) return
      await this.newBlock()
    }
    throw new Error(`not seen within ${atMost} blocks: ${what}`)
  }

  /** Sends a call into a block of its own; null, or the chain's name of what it failed with, or the pool's words. */
  async send(
    signer: HotkeySigner,
    name: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<string | null> {
    const signed = signExtrinsic(this.runtime, signer, this.runtime.call(name, args), {
      genesisHash: await this.session.hashOf(0),
      checkpoint: await this.session.newest(),
      nonce: Number(await this.rpc.request('system_accountNextIndex', [signer.hotkey])),
    })
    const extrinsic = `0x${Buffer.from(signed).toString('hex')}`
    try {
      await this.rpc.request('author_submitExtrinsic', [extrinsic])
    } catch (error) {
      if (error instanceof RpcRefusal) return error.message
      throw error
    }
    const blockHash = await this.newBlock()
    return (await readExtrinsicResult(this.session, { blockHash, extrinsic })).error
  }

  /** Makes blocks for as long as something waits for one. */
  async whileBlocksAreMade<Value>(waiting: Promise<Value>): Promise<Value> {
    const state = { isDone: false }
    const end = (): void => {
      state.isDone = true
    }
    void waiting.then(end, end)
    while (!state.isDone) {
      const pending = await this.rpc.request('author_pendingExtrinsics', [])
      if (Array.isArray(pending) && pending.length > 0) await this.newBlock()
      await setTimeout(50)
    }
    return await waiting
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rpc.close()
    const ended = once(this.#node, 'exit')
    this.#node.stdin?.end()
    await ended
  }
}

async function addressOf(node: ChildProcess): Promise<string> {
  if (node.stdout === null) throw new Error('the node has no output')
  for await (const line of createInterface(node.stdout)) {
    const url = /^listening on (ws:\S+)$/.exec(line)?.[1]
    if (url !== undefined) {
      node.stdout.resume()
      return url
    }
  }
  throw new Error('the runtime did not start: what it wrote stands above')
}
