import { DAY_MS, HOUR_MS } from '../calendar.ts'
import type { Behaviour } from './scene.ts'
import { drawAsset, drawCents, payIntoExchange } from './scene.ts'

/** A purchase, mostly at one of the buyer's usual merchants. */
export const buy: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const buyer = people.draw(random)
  const merchant = random.chance(0.7)
    ? world.favourite(buyer, random.below(5), 'merchant')
    : world.any(random, 'merchant')
  agenda.add(buyer, merchant, drawCents(scene, buyer, 320, 1.6), timeMs, drawAsset(random))
}

/** Money between people who know each other; one in six goes to a stranger. */
export const payFriend: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const payer = people.draw(random)
  const payee = random.chance(0.16) ? people.draw(random) : world.contact(payer, random.below(7))
  agenda.add(payer, payee, drawCents(scene, payer, 520, 1.7), timeMs, drawAsset(random))
}

/** Tokens brought to an exchange. */
export const deposit: Behaviour = (scene, timeMs) => {
  const person = scene.people.draw(scene.random)
  payIntoExchange(scene, person, drawCents(scene, person, 1_200, 1.5), timeMs, drawAsset(scene.random))
}

/** Tokens taken from an exchange. */
export const withdraw: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const person = people.draw(random)
  const exchange = random.chance(0.8) ? world.hotWallet(person) : world.any(random, 'hot_wallet')
  agenda.add(exchange, person, drawCents(scene, person, 1_300, 1.5), timeMs, drawAsset(random))
}

/** Withdrawals on following days, each just below the exchange's daily limit: splitting that nobody has to hide. */
export const withdrawAtLimit: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const person = people.draw(random)
  const limits = [100_000, 200_000, 500_000, 1_000_000]
  const limit = limits[random.below(limits.length)] ?? 100_000
  const asset = drawAsset(random)
  let time = timeMs
  for (let nth = random.between(3, 8); nth > 0; nth--) {
    agenda.add(world.hotWallet(person), person, limit * random.range(0.9, 1), time, asset)
    time += DAY_MS + Math.floor(random.range(-4, 4) * HOUR_MS)
  }
}

/** A bet: a stake or three, and often a payout. */
export const gamble: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const player = people.draw(random)
  const casino = world.favourite(player, 0, 'casino')
  const asset = drawAsset(random)
  let time = timeMs
  for (let bets = random.between(1, 4); bets > 0; bets--) {
    const stake = drawCents(scene, player, 180, 1.5)
    agenda.add(player, casino, stake, time, asset)
    if (random.chance(0.45)) {
      agenda.add(casino, player, stake * random.range(0.4, 3.2), time + random.between(1, 90) * 60_000, asset)
    }
    time += random.between(2, 120) * 60_000
  }
}

/** A loan between friends that comes back, in full or nearly, hours or days later. */
export const lend: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people, calendar } = scene
  const lender = people.draw(random)
  const borrower = world.contact(lender, random.below(7))
  const cents = drawCents(scene, lender, 900, 1.3)
  const asset = drawAsset(random)
  const back = calendar.awake(random, timeMs + Math.floor(random.logNormal(30 * HOUR_MS, 1.3)))
  agenda.add(lender, borrower, cents, timeMs, asset)
  agenda.add(borrower, lender, random.chance(0.6) ? cents : cents * random.range(0.85, 1.1), back, asset)
}

/** Money handed on along people who know each other, each keeping some, the last one paying a merchant or an exchange. */
export const handOn: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people, calendar } = scene
  let holder = people.draw(random)
  let cents = drawCents(scene, holder, 1_800, 1.2)
  const asset = drawAsset(random)
  let time = timeMs
  agenda.add(world.hotWallet(holder), holder, cents, time, asset)
  for (let hops = random.between(1, 4); hops > 0; hops--) {
    time = calendar.awake(random, time + Math.floor(random.logNormal(5 * HOUR_MS, 1.2)))
    cents *= random.chance(0.4) ? random.range(0.96, 1) : random.range(0.4, 0.96)
    const next = random.chance(0.7) ? world.contact(holder, random.below(7)) : people.draw(random)
    agenda.add(holder, next, cents, time, asset)
    holder = next
  }
  time += Math.floor(random.logNormal(6 * HOUR_MS, 1))
  if (random.chance(0.5)) payIntoExchange(scene, holder, cents * random.range(0.5, 1), time, asset)
  else agenda.add(holder, world.any(random, 'merchant'), cents * random.range(0.3, 1), time, asset)
}
