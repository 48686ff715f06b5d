import type { Calendar } from '../calendar.ts'
import { DAY_MS } from '../calendar.ts'
import { MAX_CENTS, MIN_CENTS } from '../money.ts'
import type { PriceWalk } from '../price-walk.ts'
import type { Random } from '../random/random.ts'
import { drawAsset, humanAmount } from '../background/scene.ts'
import type { World } from '../world/world.ts'
import type { FlagType, PatternFlag, PatternRole, PlannedTransfer } from './pattern-instance.ts'
import type { Recruiter } from './recruiter.ts'

/** What a pattern is drafted with. */
export interface DraftSetting {
  readonly random: Random
  readonly calendar: Calendar
  readonly prices: PriceWalk
  readonly recruiter: Recruiter
  readonly world: World
  readonly blockMs: number
  /** Index of an exchange's hot wallet that the group uses. */
  readonly exchange: number
}

/** A pattern in the making. Each draft has its own pace, asset, fee and closeness of its members. */
export class PatternDraft {
  readonly random: Random
  readonly startMs: number
  readonly members = new Map<number, PatternRole>()
  readonly transfers: PlannedTransfer[] = []
  readonly surroundings: PlannedTransfer[] = []
  readonly silent = new Set<number>()
  readonly #hops = new Map<number, number>()
  readonly #setting: DraftSetting
  readonly #asset: number
  readonly #pace: number
  readonly #feeShare: number
  readonly #local: boolean
  #anchor: number | null = null
  #flag: { readonly account: number; readonly flagType: FlagType } | null = null

  constructor(setting: DraftSetting, startMs: number) {
    const { random, calendar } = setting
    this.random = random
    this.startMs = calendar.days > 2 ? calendar.awake(random, startMs) : startMs
    this.#setting = setting
    this.#asset = drawAsset(random)
    this.#pace = Math.min(1, calendar.days / 6) * random.logNormal(1, 0.45)
    this.#feeShare = random.range(0.001, 0.03)
    this.#local = random.chance(0.5)
  }

  /** Adds a person in a role. */
  recruit(role: PatternRole): number {
    const person = this.#setting.recruiter.recruit(this.random, this.#local ? this.#anchor : null)
    this.#anchor ??= person
    this.members.set(person, role)
    return person
  }

  /** Adds several people in one role. */
  recruitSeveral(role: PatternRole, count: number): number[] {
    return Array.from({ length: count }, () => this.recruit(role))
  }

  /** Adds the exchange that the group uses; other groups and everybody else use it too. */
  joinExchange(role: PatternRole): number {
    this.members.set(this.#setting.exchange, role)
    return this.#setting.exchange
  }

  /** Adds a service that others use as well. */
  joinService(role: PatternRole): number {
    const service = this.#setting.world.any(this.random, 'service')
    this.members.set(service, role)
    return service
  }

  /** Says that a member does nothing but what the pattern plans. */
  silence(account: number): void {
    this.silent.add(account)
  }

  /** Makes a member the flagged address of this pattern. */
  flag(account: number, flagType: FlagType): void {
    this.#flag = { account, flagType }
    this.#hops.set(account, 0)
  }

  /** Adds a person who is this many transfers away from the flagged address. */
  recruitAtHop(role: PatternRole, hops: number): number {
    const person = this.recruit(role)
    this.#hops.set(person, hops)
    return person
  }

  /** The flagged address with the distances of members from it, or null. */
  get patternFlag(): PatternFlag | null {
    return this.#flag === null ? null : { ...this.#flag, hops: this.#hops }
  }

  /** A person whom the pattern does not care about, often one whom `near` knows; perhaps a member of another pattern. */
  stranger(near: number): number {
    const { world } = this.#setting
    return this.random.chance(0.4)
      ? world.contact(near, this.random.below(40))
      : world.any(this.random, 'person')
  }

  /** The time at a share of the window, in [0, 1]. */
  atShare(share: number): number {
    const { startMs, endMs } = this.#setting.calendar
    return startMs + Math.floor((endMs - startMs) * share)
  }

  /** A later time: a log-normal delay of this median, at the draft's pace, by day where `awake`, at least two blocks. */
  after(timeMs: number, medianMs: number, spread = 0.7, awake = true): number {
    const { calendar, blockMs } = this.#setting
    const delay = Math.max(2 * blockMs, Math.floor(this.random.logNormal(medianMs * this.#pace, spread)))
    return awake && calendar.days > 2 ? calendar.awake(this.random, timeMs + delay) : timeMs + delay
  }

  /** A time within a span after another. */
  within(timeMs: number, spanMs: number): number {
    return timeMs + Math.floor(this.random.unit() * Math.max(spanMs, 2 * this.#setting.blockMs))
  }

  /** A time within a span after another, shortened where the window could not hold it; by day where there is room. */
  during(timeMs: number, spanMs: number): number {
    const { calendar } = this.#setting
    const time = this.within(timeMs, calendar.fit(Math.floor(spanMs * Math.min(1.5, this.#pace))))
    return calendar.days > 2 ? calendar.awake(this.random, time) : time
  }

  /** What is left of tokens after a hop's fee, in cents at the later time's price. */
  afterFee(cents: number, fromMs: number, toMs: number): number {
    const kept = Math.floor(cents * (1 - this.#feeShare * this.random.range(0.4, 1.6)))
    return this.#setting.prices.revalue(kept, this.#asset, fromMs, toMs)
  }

  /** A first amount, log-normal around a median in dollars; some are round. */
  firstCents(medianUsd: number, spread: number): number {
    const cents = humanAmount(this.random, this.random.logNormal(medianUsd * 100, spread))
    return Math.min(MAX_CENTS / 100, Math.max(20_000, cents))
  }

  /** Notes one transfer of the pattern; time must lie at or after the start. */
  send(from: number, to: number, cents: number, timeMs: number): void {
    const whole = Math.min(MAX_CENTS, Math.max(MIN_CENTS, Math.floor(cents)))
    this.transfers.push({ from, to, cents: whole, timeMs, asset: this.#asset })
  }

  /** What an account has received in this pattern so far, in cents. */
  receivedBy(account: number): number {
    return this.transfers.reduce((sum, { to, cents }) => sum + (to === account ? cents : 0), 0)
  }

  /** What an account has sent in this pattern so far, in cents. */
  sentBy(account: number): number {
    return this.transfers.reduce((sum, { from, cents }) => sum + (from === account ? cents : 0), 0)
  }

  /** Sends a sum in one transfer or, now and then, in two within minutes; returns when the last part moved. */
  sendMaybeSplit(from: number, to: number, cents: number, timeMs: number): number {
    if (!this.random.chance(0.18)) {
      this.send(from, to, cents, timeMs)
      return timeMs
    }
    const first = Math.floor(cents * this.random.range(0.3, 0.7))
    const second = this.after(timeMs, 12 * 60_000, 0.6, false)
    this.send(from, to, first, timeMs)
    this.send(from, to, cents - first, second)
    return second
  }

  /** Often the first money comes from an exchange shortly before; ordinary traffic, not truth. */
  fund(person: number, cents: number): void {
    if (!this.random.chance(0.6)) return
    const timeMs = this.startMs - Math.floor(this.random.logNormal(DAY_MS / 4, 0.9))
    this.fundAt(person, cents * this.random.range(1, 1.15), timeMs)
  }

  /** Money from an exchange at a time; ordinary traffic, not truth. */
  fundAt(person: number, cents: number, timeMs: number): void {
    this.aside(this.#setting.exchange, person, cents, timeMs)
  }

  /** Ordinary traffic that belongs to the story; left out where it falls outside of the window. */
  aside(from: number, to: number, cents: number, timeMs: number): void {
    this.surroundings.push({ from, to, cents: Math.floor(cents), timeMs, asset: this.#asset })
  }

  /** Often the last holder turns the money in at an exchange some time later; ordinary traffic, not truth. */
  cashOut(person: number, cents: number, timeMs: number): void {
    if (!this.random.chance(0.6)) return
    const later = timeMs + Math.floor(this.random.logNormal(DAY_MS / 3, 1))
    this.aside(person, this.#setting.exchange, cents * this.random.range(0.4, 1), later)
  }
}
