import type { Agenda } from '../agenda.ts'
import type { Calendar } from '../calendar.ts'
import type { PriceWalk } from '../price-walk.ts'
import { DOLLAR_ASSET, NATIVE_ASSET } from '../price-walk.ts'
import type { Random } from '../random/random.ts'
import type { WeightedChoice } from '../random/weighted-choice.ts'
import type { World } from '../world/world.ts'

/** What a piece of ordinary behaviour may use. */
export interface Scene {
  readonly world: World
  readonly calendar: Calendar
  readonly prices: PriceWalk
  readonly agenda: Agenda
  readonly people: WeightedChoice
  readonly random: Random
}

/** One thing that somebody does at a time; it notes one or more transfers in the agenda, now or later. */
export type Behaviour = (scene: Scene, timeMs: number) => void

/** The asset of a payment: three in four use the network's own token. */
export function drawAsset(random: Random): number {
  return random.chance(0.25) ? DOLLAR_ASSET : NATIVE_ASSET
}

/** People like round numbers: about a third of the amounts keep two digits only. */
export function humanAmount(random: Random, cents: number): number {
  const whole = Math.floor(cents)
  if (!random.chance(0.35)) return whole
  let unit = 1
  while (whole / unit >= 100) unit *= 10
  return Math.floor(whole / unit) * unit
}

/** An amount around a median in dollars, scaled by the payer's wealth; in cents. */
export function drawCents(scene: Scene, payer: number, medianUsd: number, spread: number): number {
  const { random, world } = scene
  return humanAmount(random, random.logNormal(medianUsd * 100 * world.wealthOf(payer), spread))
}

/** Pays into an exchange; a personal deposit address is swept to the hot wallet minutes or hours later. */
export function payIntoExchange(
  scene: Scene,
  person: number,
  cents: number,
  timeMs: number,
  asset: number,
): void {
  const { world, random, agenda } = scene
  const deposit = world.depositAddress(person)
  const hot = world.hotWallet(deposit ?? person)
  if (deposit === null) return agenda.add(person, hot, cents, timeMs, asset)
  agenda.add(person, deposit, cents, timeMs, asset)
  const networkFee = random.between(1, 40)
  agenda.add(deposit, hot, cents - networkFee, timeMs + Math.floor(random.logNormal(3_600_000, 1)), asset)
}
