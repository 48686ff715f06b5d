import { createHash } from 'node:crypto'

import type { DynamoConnection } from '../connect.ts'
import { ClaimCandidates, isSamePriority, type ClaimCandidate } from './claim-candidates.ts'

/** What a claim takes from a batch of candidates. */
export interface TakeCandidatesParams {
  readonly count: number
  /** Any text of the claim's own: where it starts when starting points are spread. */
  readonly place: string
  /** Miners that are not wanted, and candidates that the claim lost before. */
  readonly except: Readonly<{ miners: ReadonlySet<string>; lost: ReadonlySet<string> }>
  readonly now: Date
  /** Whether the claim has something already; only then may it stop before the end of the queue. */
  readonly hasTaken: boolean
}

/** Spread of starting points after the first loss, and the widest: about what 64 processes need not to meet. */
const FIRST_SPREAD = 32
const WIDEST_SPREAD = 256
/** Entries after which a claim that has something is content with that. */
const LOOK_AHEAD = 2_000
const EXTENSION = 200
/** Conditional writes under way: more only wait for a socket until they time out. */
const TRIES_AT_ONCE = 32

/**
 * Where the claims of one process for one environment come together. Claims that begin while a read of the index is
 * under way share the next one, so that each sees every task that was claimable when it began, and no two of them try
 * the same task. When other processes win the tried ones, claims begin at places spread over the best candidates of
 * one priority, and come back to strict order when nobody is in the way. None of it decides anything: the
 * conditional write does.
 */
export class ClaimDesk {
  readonly #connection: DynamoConnection
  readonly #environment: string
  /** Candidates that are being tried, or were since the last read began, when the index may still name them. */
  readonly #tried = new Map<string, 'running' | 'settled'>()
  #spread = 1
  #running: Promise<unknown> = Promise.resolve()
  #triesUnderWay = 0
  readonly #waitingTries: (() => void)[] = []
  #forming: { wanted: number; readonly batch: Promise<CandidateBatch> } | null = null

  constructor(connection: DynamoConnection, environment: string) {
    this.#connection = connection
    this.#environment = environment
  }

  /** The candidates of a read that begins after this call did, shared with the claims that joined meanwhile. */
  async join(wanted: number, now: Date): Promise<CandidateBatch> {
    this.#forming ??= { wanted: 0, batch: this.#running.then(() => this.#read(now)) }
    this.#forming.wanted += wanted
    return this.#forming.batch
  }

  /** Whether other processes were in the way lately. */
  get isContended(): boolean {
    return this.#spread > 1
  }

  /** Ends the tries of some candidates and notes whether other processes were faster. */
  settle(candidates: readonly ClaimCandidate[], lost: number): void {
    for (const { id } of candidates) this.#tried.set(id, 'settled')
    const spread = lost > 0 ? Math.max(FIRST_SPREAD, this.#spread * 4) : Math.floor(this.#spread * 0.8)
    this.#spread = Math.min(WIDEST_SPREAD, Math.max(1, spread))
  }

  /** Runs a conditional write when it is its turn: at most {@link TRIES_AT_ONCE} of one process are under way. */
  async inTurn<Result>(tryOne: () => Promise<Result>): Promise<Result> {
    while (this.#triesUnderWay >= TRIES_AT_ONCE) {
      await new Promise<void>((resolve) => {
        this.#waitingTries.push(resolve)
      })
    }
    this.#triesUnderWay += 1
    try {
      return await tryOne()
    } finally {
      this.#triesUnderWay -= 1
      this.#waitingTries.shift()?.()
    }
  }

  async #read(now: Date): Promise<CandidateBatch> {
    const wanted = Math.max(this.#forming?.wanted ?? 1, this.#spread)
    this.#forming = null
    for (const [id, state] of this.#tried) if (state === 'settled') this.#tried.delete(id)
    const source = new ClaimCandidates(this.#connection, this.#environment, wanted)
    const batch = new CandidateBatch(source, this.#tried, this.#spread)
    this.#running = batch.load(wanted, now)
    await this.#running
    return batch
  }
}

/** What one read found, handed out to the claims that share it. */
export class CandidateBatch {
  readonly #source: ClaimCandidates
  readonly #tried: Map<string, 'running' | 'settled'>
  readonly #spread: number
  readonly #entries: ClaimCandidate[] = []
  readonly #handedOut = new Set<ClaimCandidate>()
  #isAtEnd = false
  #loading: Promise<void> = Promise.resolve()

  constructor(source: ClaimCandidates, tried: Map<string, 'running' | 'settled'>, spread: number) {
    this.#source = source
    this.#tried = tried
    this.#spread = spread
  }

  /** Why a part of the queue could not be read; null while all could. */
  get failure(): unknown {
    return this.#source.failure
  }

  /** Reads on until `count` candidates are known, or all. */
  async load(count: number, now: Date): Promise<void> {
    this.#loading = this.#loading.then(async () => {
      const missing = count - this.#entries.length
      if (missing <= 0 || this.#isAtEnd) return
      const found = await this.#source.next(missing, now)
      this.#entries.push(...found)
      this.#isAtEnd = found.length < missing
    })
    return this.#loading
  }

  /** The best candidates that nobody else of this process tries; none means that the queue holds none. */
  async take(params: TakeCandidatesParams): Promise<readonly ClaimCandidate[]> {
    const { count, now, hasTaken } = params
    const picked: ClaimCandidate[] = []
    const run = this.#bestRun()
    const start = run === 0 ? 0 : hashOf(params.place) % run
    for (let step = 0; picked.length < count; step += 1) {
      const position = step < run ? (start + step) % run : step
      if (position >= this.#entries.length) {
        if (this.#isAtEnd || ((hasTaken || picked.length > 0) && position >= LOOK_AHEAD)) break
        await this.load(position + EXTENSION, now)
      }
      const candidate = this.#entries[position]
      if (candidate === undefined || !this.#isOpenTo(candidate, params)) continue
      this.#handedOut.add(candidate)
      this.#tried.set(candidate.id, 'running')
      picked.push(candidate)
    }
    return picked
  }

  /** How many of the first candidates are equally good, no more than the spread. */
  #bestRun(): number {
    const [best] = this.#entries
    if (best === undefined) return 0
    const other = this.#entries.findIndex((one) => !isSamePriority(one, best))
    return Math.min(this.#spread, other === -1 ? this.#entries.length : other)
  }

  #isOpenTo(candidate: ClaimCandidate, { except }: TakeCandidatesParams): boolean {
    if (this.#handedOut.has(candidate) || this.#tried.has(candidate.id)) return false
    return !except.lost.has(candidate.id) && !except.miners.has(candidate.key.minerHotkey)
  }
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}
