import { setMaxListeners } from 'node:events'
import { connect } from 'node:net'

/** Where a miner that was asked lately listens. */
export interface ProbeTarget {
  readonly address: string
  readonly port: number
}

/** Fewer different addresses say nothing about our own network. */
const LEAST_TARGETS = 4
/** Miners that are remembered, and tried at once: of those that were reached, and of the others. */
const MOST_TARGETS = 16
const CONNECT_MS = 3_000

/**
 * Tells our own outage from a miner's by the other miners: while at least four different addresses were asked lately
 * and not one of them takes a connection now, the outage is ours. One of them that does clears it, so that no group of
 * miners can excuse itself while any other is up. Addresses count, not hotkeys: those cost nothing.
 */
export class OutageProbe {
  readonly #reached = new Map<string, ProbeTarget>()
  readonly #others = new Map<string, ProbeTarget>()
  #probing: Promise<boolean> | null = null

  /** Somebody is about to be asked there. */
  noteAsked(target: ProbeTarget): void {
    if (!this.#reached.has(target.address)) remember(this.#others, target)
  }

  /** Somebody answered there, whatever it was. */
  noteReached(target: ProbeTarget): void {
    this.#others.delete(target.address)
    remember(this.#reached, target)
  }

  /** Whether a miner may be blamed for not being reached. Calls at the same time share one look, of 3 s at most. */
  async isOnline(): Promise<boolean> {
    this.#probing ??= this.#probe().finally(() => {
      this.#probing = null
    })
    return await this.#probing
  }

  async #probe(): Promise<boolean> {
    const newest = [...this.#others.values(), ...this.#reached.values()].toReversed()
    const targets = newest.slice(0, MOST_TARGETS)
    if (targets.length < LEAST_TARGETS) return true
    const closing = new AbortController()
    // Every probe listens to it; that is no leak.
    setMaxListeners(0, closing.signal)
    try {
      return await Promise.any(targets.map((target) => connects(target, closing.signal))).catch(() => false)
    } finally {
      closing.abort()
    }
  }
}

function remember(targets: Map<string, ProbeTarget>, target: ProbeTarget): void {
  targets.delete(target.address)
  targets.set(target.address, target)
  const [oldest] = targets.keys()
  if (targets.size > MOST_TARGETS && oldest !== undefined) targets.delete(oldest)
}

/** Resolves once a connection stands; nothing is sent over it. */
async function connects({ address, port }: ProbeTarget, signal: AbortSignal): Promise<true> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, signal, timeout: CONNECT_MS })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('timeout', () => socket.destroy(new Error('no connection in time')))
    socket.on('error', reject)
  })
}
