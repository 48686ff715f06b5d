import { once } from 'node:events'

import { getDynamicBuilder, getLookupFn } from '@polkadot-api/metadata-builders'
import { Bytes, decAnyMetadata, Option, unifyMetadata } from '@polkadot-api/substrate-bindings'
import { WebSocketServer, type WebSocket } from 'ws'
import { z } from 'zod'

import { subtensorMetadata, type RuntimeLacks } from './subtensor-metadata.ts'

const requestSchema = z.object({ id: z.int(), method: z.string(), params: z.array(z.unknown()) })

/** One question to the node, and the ways to answer it. */
export interface Question {
  readonly params: readonly unknown[]
  readonly socket: WebSocket
  /** Once, twice or never; before or after anything else. */
  answer(result: unknown): void
  refuse(code: number, message: string, data?: unknown): void
  /** News of the subscription that was answered with this number. */
  tell(subscription: string, result: unknown): void
}

type Handler = (question: Question) => void

const hashOf = (block: number): string => `0x${block.toString(16).padStart(64, '0')}`

/**
 * A node over a real WebSocket, which says what a test tells it to say: late, never, twice, wrong. Its chain is one final
 * block with the values that were set.
 */
export class ScriptedNode implements AsyncDisposable {
  readonly builder: ReturnType<typeof getDynamicBuilder>
  readonly blockNumber = 10_000
  readonly blockHash = hashOf(10_000)
  readonly asked: { method: string; params: readonly unknown[] }[] = []
  /** Hex of each extrinsic that was submitted. */
  readonly submitted: string[] = []
  readonly #metadata: string
  readonly #values = new Map<string, string>()
  /** What was otherwise in a state, by block hash; null is a state that is gone. */
  readonly #past = new Map<string, Map<string, string> | null>()
  readonly #leftOut = new Set<string>()
  readonly #server: WebSocketServer
  readonly #handlers = new Map<string, Handler>()

  private constructor(server: WebSocketServer, lacks: RuntimeLacks) {
    this.#server = server
    const bytes = subtensorMetadata(lacks)
    this.#metadata = hexOf(Option(Bytes()).enc(bytes))
    this.builder = getDynamicBuilder(getLookupFn(unifyMetadata(decAnyMetadata(bytes))))
    this.#answerAsANodeDoes()
    server.on('connection', (socket) => {
      socket.on('message', (data) => this.#take(socket, String(data)))
    })
  }

  static async start(lacks: RuntimeLacks = {}): Promise<ScriptedNode> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    return new ScriptedNode(server, lacks)
  }

  get url(): string {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? `ws://127.0.0.1:${address.port}` : ''
  }

  on(method: string, handler: Handler): void {
    this.#handlers.set(method, handler)
  }

  /** Sets a value of the storage, by the item's arguments. */
  set(item: string, args: readonly unknown[], value: unknown, pallet = 'SubtensorModule'): void {
    const storage = this.builder.buildStorage(pallet, item)
    this.#values.set(storage.keys.enc(...args), hexOf(storage.value.enc(value)))
  }

  /** Sets a value as it was at an earlier block. */
  setAt(block: number, item: string, args: readonly unknown[], value: unknown): void {
    const storage = this.builder.buildStorage('SubtensorModule', item)
    const past = this.#past.get(hashOf(block)) ?? new Map<string, string>()
    this.#past.set(hashOf(block), past.set(storage.keys.enc(...args), hexOf(storage.value.enc(value))))
  }

  /** The state of an earlier block is not kept any more. */
  forget(block: number): void {
    this.#past.set(hashOf(block), null)
  }

  /** Names the key of a value when it is asked for keys, and leaves it out of every answer. */
  leaveOut(item: string, args: readonly unknown[]): void {
    this.#leftOut.add(this.builder.buildStorage('SubtensorModule', item).keys.enc(...args))
  }

  /** What the runtime answers to `get_metagraph`; undefined is no such subnet. */
  setMetagraph(value: unknown): void {
    const answer = hexOf(
      this.builder.buildRuntimeCall('SubnetInfoRuntimeApi', 'get_metagraph').value.enc(value),
    )
    this.#answerCalls({ SubnetInfoRuntimeApi_get_metagraph: answer })
  }

  /** Takes each extrinsic into the block, as the second one there; its fate is the event's bytes within `System`. */
  settle(fate: string): void {
    this.#values.set(this.builder.buildStorage('System', 'Events').keys.enc(), `0x04000100000000${fate}00`)
    this.on('author_submitAndWatchExtrinsic', (question) => {
      this.submitted.push(String(question.params[0]))
      question.answer('watch')
      question.tell('watch', 'ready')
      question.tell('watch', { broadcast: ['peer'] })
      question.tell('watch', { inBlock: this.blockHash })
      question.tell('watch', { finalized: this.blockHash })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #answerAsANodeDoes(): void {
    const fixed = (method: string, result: unknown) => this.on(method, ({ answer }) => answer(result))
    fixed('chain_getFinalizedHead', this.blockHash)
    this.on('chain_getBlockHash', ({ params, answer }) =>
      answer(hashOf(typeof params[0] === 'number' ? params[0] : this.blockNumber)),
    )
    fixed('chain_getHeader', { number: `0x${this.blockNumber.toString(16)}` })
    fixed('state_getRuntimeVersion', { specVersion: 425, transactionVersion: 1, specName: 'scripted' })
    fixed('system_accountNextIndex', 7)
    fixed('author_unwatchExtrinsic', true)
    this.on('chain_getBlock', ({ answer }) =>
      answer({ block: { extrinsics: ['0x00', this.submitted.at(-1) ?? '0x01'] } }),
    )
    this.on('state_queryStorageAt', ({ params, answer, refuse }) => {
      const keys = z.array(z.string()).parse(params[0])
      const past = this.#past.get(String(params[1]))
      if (past === null) return refuse(-32_000, 'State already discarded')
      const known = keys.filter((key) => !this.#leftOut.has(key))
      const valueOf = (key: string) => past?.get(key) ?? this.#values.get(key) ?? null
      return answer([{ block: params[1], changes: known.map((key) => [key, valueOf(key)]) }])
    })
    this.on('state_getKeysPaged', ({ params, answer }) =>
      answer([...this.#values.keys()].filter((key) => key.startsWith(String(params[0])))),
    )
    this.#answerCalls({})
  }

  #answerCalls(answers: Readonly<Record<string, string>>): void {
    const known: Record<string, string> = { Metadata_metadata_at_version: this.#metadata, ...answers }
    this.on('state_call', ({ params, answer, refuse }) => {
      const found = known[String(params[0])]
      if (found === undefined) refuse(-32_000, 'no such call')
      else answer(found)
    })
  }

  #take(socket: WebSocket, data: string): void {
    const { id, method, params } = requestSchema.parse(JSON.parse(data))
    this.asked.push({ method, params })
    const send = (message: unknown) => socket.send(JSON.stringify({ jsonrpc: '2.0', ...Object(message) }))
    const handler = this.#handlers.get(method)
    const question: Question = {
      params,
      socket,
      answer: (result) => send({ id, result }),
      refuse: (code, message, more) => send({ id, error: { code, message, data: more } }),
      tell: (subscription, result) => send({ method: 'news', params: { subscription, result } }),
    }
    if (handler === undefined) question.refuse(-32_601, 'Method not found')
    else handler(question)
  }
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
