import { setMaxListeners } from 'node:events'

import type { Clock } from '@subnetkit/core'

import type { AskMinerParams, MinerAnswer, MinerClient } from '../ports/miner-client.ts'
import type { Completion } from './completion-body.ts'
import { exchange } from './http-exchange.ts'
import { parseMinerClientLimits, type MinerClientLimits } from './miner-client-limits.ts'
import { parseMinerEndpoint, type MinerEndpoint } from './miner-endpoint.ts'
import { MinerFault, toAnswer } from './miner-fault.ts'
import { OutageProbe, type ProbeTarget } from './outage-probe.ts'
import { privateFault } from './pinned-connector.ts'
import { isPublicAddress } from './public-address.ts'
import { resolvePrivateHost, resolvePublicHost, type ResolveHost } from './resolve-host.ts'

/** How the client is made. */
export interface HttpMinerClientParams {
  readonly clock: Clock
  readonly limits?: MinerClientLimits
  /** Lets miners be on this machine or network: for local miners and tests. @default false */
  readonly allowPrivate?: boolean
  /** @default the name servers, or the system when private addresses are allowed */
  readonly resolveHost?: ResolveHost
  /**
   * Tells our own outage from a miner's: asked when a miner could not be reached. While it says false, nobody is
   * blamed. @default by the miners that were asked lately, see {@link OutageProbe}
   */
  readonly isOnline?: () => Promise<boolean>
}

/**
 * Asks miners over HTTP. The rule of blame: what a miner can cause is the miner's fault, after retries — its name not
 * resolving, its host not reachable, any status, any reply; ours is what no miner can cause — our name server, no route
 * to IPv4, no ports or files left, or no other miner to be reached either. Tried again is only what did not reach the miner, and what the miner
 * itself asked to try later (429, 503).
 *
 * @throws InputError when a limit is out of range.
 */
export function createHttpMinerClient(params: HttpMinerClientParams): MinerClient & AsyncDisposable {
  return new HttpMinerClient(params, parseMinerClientLimits(params.limits ?? {}))
}

class HttpMinerClient implements MinerClient {
  readonly #clock: Clock
  readonly #limits: Required<MinerClientLimits>
  readonly #isAllowed: (address: string) => boolean
  readonly #resolveHost: ResolveHost
  readonly #outage = new OutageProbe()
  readonly #isOnline: () => Promise<boolean>
  readonly #closing = new AbortController()

  constructor(params: HttpMinerClientParams, limits: Required<MinerClientLimits>) {
    const { allowPrivate = false } = params
    // Every question that is open listens to it; that is no leak.
    setMaxListeners(0, this.#closing.signal)
    this.#clock = params.clock
    this.#limits = limits
    this.#isAllowed = allowPrivate ? () => true : isPublicAddress
    this.#resolveHost = params.resolveHost ?? (allowPrivate ? resolvePrivateHost : resolvePublicHost)
    this.#isOnline = params.isOnline ?? (() => this.#outage.isOnline())
  }

  async ask(params: AskMinerParams, options: Readonly<{ signal?: AbortSignal }> = {}): Promise<MinerAnswer> {
    const outer = options.signal
    outer?.throwIfAborted()
    const start = this.#clock.monotonicMs()
    const elapsed = (): number => Math.max(0, Math.round(this.#clock.monotonicMs() - start))
    const own = new AbortController()
    const stop = (): void => own.abort(outer?.reason)
    const close = (): void => own.abort(closedFault)
    const timer = setTimeout(() => own.abort(timeoutFault), this.#limits.totalMs)
    outer?.addEventListener('abort', stop, { once: true })
    this.#closing.signal.addEventListener('abort', close, { once: true })
    try {
      if (this.#closing.signal.aborted) throw closedFault
      const completion = await this.#askWithRetries(params, own.signal, elapsed)
      return { kind: 'answered', ...completion, latencyMs: elapsed() }
    } catch (error) {
      outer?.throwIfAborted()
      if (error instanceof MinerFault) return toAnswer(error.options, elapsed())
      const message = error instanceof Error ? error.message : String(error)
      return toAnswer({ reason: 'unexpected', message, isOurs: true }, elapsed())
    } finally {
      clearTimeout(timer)
      outer?.removeEventListener('abort', stop)
      this.#closing.signal.removeEventListener('abort', close)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #askWithRetries(
    params: AskMinerParams,
    signal: AbortSignal,
    elapsed: () => number,
  ): Promise<Completion> {
    const endpoint = parseMinerEndpoint(params.endpoint)
    const body = requestBody(params)
    for (let tried = 1; ; tried += 1) {
      try {
        const addresses = await this.#findAddresses(endpoint, signal)
        const { limits, isAllowed } = { limits: this.#limits, isAllowed: this.#isAllowed }
        const exchanging = exchange({ endpoint, addresses, isAllowed, body, limits, signal })
        return await this.#watched(exchanging, { endpoint, addresses })
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof MinerFault)) throw error
        const waitMs = this.#waitBefore(error, tried)
        const isLast = error.options.isRetryable !== true || tried >= this.#limits.tries
        if (isLast || elapsed() + waitMs >= this.#limits.totalMs) throw await this.#blame(error, signal)
        await this.#clock.sleep(waitMs, signal)
      }
    }
  }

  async #findAddresses(endpoint: MinerEndpoint, signal: AbortSignal): Promise<readonly string[]> {
    const addresses = endpoint.isAddress ? [endpoint.host] : await this.#resolveHost(endpoint.host, signal)
    const refused = addresses.find((address) => !this.#isAllowed(address))
    if (refused !== undefined) throw privateFault(refused)
    return addresses
  }

  /** Remembers where somebody was asked, and whether anything answered: later that tells our outage from a miner's. */
  async #watched(
    exchanging: Promise<Completion>,
    { endpoint, addresses }: Readonly<{ endpoint: MinerEndpoint; addresses: readonly string[] }>,
  ): Promise<Completion> {
    const [address] = addresses
    const target: ProbeTarget | null = address === undefined ? null : { address, port: endpoint.port }
    if (target !== null) this.#outage.noteAsked(target)
    const noteReached = (): void => {
      if (target !== null) this.#outage.noteReached(target)
    }
    try {
      const completion = await exchanging
      noteReached()
      return completion
    } catch (error) {
      const isAnswer = error instanceof MinerFault && !hidesNetwork(error.options)
      if (isAnswer) noteReached()
      throw error
    }
  }

  #waitBefore(fault: MinerFault, tried: number): number {
    const asked = fault.options.retryAfterMs
    if (asked !== undefined) return Math.min(asked, this.#limits.retryAfterMs)
    return Math.min(this.#limits.retryDelayMs * 2 ** (tried - 1), this.#limits.retryAfterMs)
  }

  async #blame(fault: MinerFault, signal: AbortSignal): Promise<MinerFault> {
    if (fault.options.isConnectivity !== true || fault.options.isOurs === true) return fault
    const isOnline = await this.#isOnline()
    signal.throwIfAborted()
    if (isOnline) return fault
    return new MinerFault({ ...fault.options, reason: 'offline', isOurs: true })
  }
}

const timeoutFault = new MinerFault({ reason: 'timeout', message: 'no whole answer within the time limit' })
const closedFault = new MinerFault({ reason: 'closed', message: 'the client was closed', isOurs: true })

/** Nothing of the miner's side was seen. */
function hidesNetwork({ isConnectivity, isOurs }: MinerFault['options']): boolean {
  return isConnectivity === true || isOurs === true
}

function requestBody(params: AskMinerParams): string {
  const { modelName, messages, temperature = 0, seed } = params
  return JSON.stringify({ model: modelName, messages, temperature, seed, stream: false })
}
