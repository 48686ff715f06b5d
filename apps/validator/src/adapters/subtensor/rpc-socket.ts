import { WebSocket } from 'undici'

import { ChainError } from '../../ports/chain.ts'
import { RpcRefusal } from './rpc-refusal.ts'
import { parseRpcMessage, type RpcMessage } from './rpc-message.ts'

/** Notifications that nobody has taken yet; a node that sends more to one subscription is cut off. */
const MAX_WAITING = 1_000

/** Where the node is, and how long it may take. */
export interface RpcSocketOptions {
  readonly url: string
  /** What stands for the address in messages: it may hold a key. */
  readonly description: string
  /** Milliseconds until a connection stands, and until an answer is there. */
  readonly answerTimeout: number
}

interface Pending {
  readonly settle: (message: RpcMessage | ChainError) => void
}

/** One subscription: what the node sent and nobody has taken yet, or why nothing comes any more. */
interface Feed {
  readonly waiting: unknown[]
  failure: ChainError | null
  wake: () => void
}

/** What a node is asked to keep telling. */
export interface Subscription {
  readonly method: string
  readonly params: readonly unknown[]
  readonly stopMethod: string
}

/**
 * JSON-RPC 2.0 over one WebSocket, opened at the first request and again after it was lost. Answers may come in any
 * order; those that nobody waits for any more are passed over. Whatever was under way when the connection broke fails
 * as `unreachable`; it is never sent again by itself.
 */
export class RpcSocket implements AsyncDisposable {
  readonly #options: RpcSocketOptions
  readonly #pending = new Map<number, Pending>()
  readonly #feeds = new Map<string | number, Feed>()
  #opening: Promise<WebSocket> | null = null
  /** The one that counts: what a socket that was given up still says is nobody's. */
  #socket: WebSocket | null = null
  #nextId = 1
  /** Messages so far: a connection on which none came while one was due is dead, whatever it says of itself. */
  #received = 0
  #isClosed = false

  constructor(options: RpcSocketOptions) {
    this.#options = options
  }

  /** @throws ChainError `unreachable`; RpcRefusal when the node answers with an error; the signal's reason. */
  async request(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    return await this.#exchange(method, params, signal, () => undefined)
  }

  /**
   * What a subscription tells, until it is left. The subscription is ended at the node then, as far as it can be reached.
   * @throws ChainError `unreachable` when the connection breaks; RpcRefusal; the signal's reason.
   */
  async *follow(subscription: Subscription, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const feed: Feed = { waiting: [], failure: null, wake: () => undefined }
    let id: string | number | null = null
    const onAbort = (): void => feed.wake()
    signal?.addEventListener('abort', onAbort)
    try {
      // Taken up while the answer is handled: its first notification may be in the same packet.
      await this.#exchange(subscription.method, subscription.params, signal, (result) => {
        if (typeof result !== 'string' && typeof result !== 'number') return
        id = result
        this.#feeds.set(result, feed)
      })
      if (id === null) throw badAnswer(`${subscription.method} answered without a subscription`)
      for (;;) {
        while (feed.waiting.length > 0) yield feed.waiting.shift()
        signal?.throwIfAborted()
        if (feed.failure !== null) throw feed.failure
        await new Promise<void>((resolve) => {
          feed.wake = resolve
        })
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
      if (id !== null && this.#feeds.delete(id) && feed.failure === null) {
        // Nobody waits for the answer: a node that does not know it any more has nothing to tell.
        void this.request(subscription.stopMethod, [id]).catch(() => undefined)
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const opening = this.#opening
    this.#lose(unreachable('the connection was closed'))
    await opening?.then(
      (socket) => socket.close(),
      () => undefined,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #exchange(
    method: string,
    params: readonly unknown[],
    signal: AbortSignal | undefined,
    onResult: (result: unknown) => void,
  ): Promise<unknown> {
    signal?.throwIfAborted()
    if (this.#isClosed) throw unreachable('the connection was closed')
    const socket = await withSignal(this.#connect(), signal)
    // It may have gone meanwhile: nobody would tell what is sent on it that nothing comes.
    if (socket !== this.#socket) throw unreachable('the connection was closed')
    const receivedBefore = this.#received
    const id = this.#nextId++
    return await new Promise((resolve, reject: (reason: unknown) => void) => {
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#pending.delete(id)
      }
      const fail = (reason: unknown): void => {
        end()
        reject(reason)
      }
      const onAbort = (): void => fail(signal?.reason)
      const timer = setTimeout(() => {
        const failure = unreachable(`${method} was not answered within ${this.#options.answerTimeout} ms`)
        fail(failure)
        if (this.#received > receivedBefore || socket !== this.#socket) return
        this.#lose(failure)
        socket.close()
      }, this.#options.answerTimeout)
      signal?.addEventListener('abort', onAbort)
      this.#pending.set(id, {
        settle: (message) => {
          if (message instanceof ChainError) return fail(message)
          if (message.kind === 'error') return fail(new RpcRefusal(method, message))
          end()
          if (message.kind !== 'result') return reject(badAnswer(`${method} was not answered with a result`))
          onResult(message.result)
          return resolve(message.result)
        },
      })
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })
  }

  #connect(): Promise<WebSocket> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null
      throw error
    })
    return this.#opening
  }

  #open(): Promise<WebSocket> {
    const { url, description, answerTimeout } = this.#options
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url)
      this.#socket = socket
      const timer = setTimeout(() => {
        reject(unreachable(`${description} took no connection within ${answerTimeout} ms`))
        socket.close()
      }, answerTimeout)
      socket.addEventListener('open', () => {
        clearTimeout(timer)
        resolve(socket)
      })
      socket.addEventListener('error', () => {
        clearTimeout(timer)
        reject(unreachable(`${description} cannot be reached`))
      })
      socket.addEventListener('message', ({ data }) => this.#take(socket, data))
      socket.addEventListener('close', () => {
        clearTimeout(timer)
        reject(unreachable(`${description} closed the connection`))
        if (socket === this.#socket) this.#lose(unreachable(`${description} closed the connection`))
      })
    })
  }

  #take(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket) return
    this.#received += 1
    const message = parseRpcMessage(data)
    if (message === null) {
      this.#lose(badAnswer('the node sent what is no JSON-RPC message'))
      socket.close()
    } else if (message.kind === 'notification') {
      const feed = this.#feeds.get(message.subscription)
      if (feed === undefined || feed.failure !== null) return
      if (feed.waiting.push(message.result) > MAX_WAITING)
        feed.failure = badAnswer('the node floods a subscription')
      feed.wake()
    } else {
      // Answers come late or twice: whoever asked has gone by then.
      this.#pending.get(message.id)?.settle(message)
    }
  }

  #lose(failure: ChainError): void {
    this.#opening = null
    this.#socket = null
    for (const { settle } of this.#pending.values()) settle(failure)
    for (const feed of this.#feeds.values()) {
      feed.failure = failure
      feed.wake()
    }
    this.#feeds.clear()
  }
}

function unreachable(message: string): ChainError {
  return new ChainError({ code: 'unreachable', message })
}

function badAnswer(message: string): ChainError {
  return new ChainError({ code: 'bad_answer', message })
}

async function withSignal<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return await promise
  let onAbort = (): void => undefined
  const aborted = new Promise<never>((_resolve, reject: (reason: unknown) => void) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
