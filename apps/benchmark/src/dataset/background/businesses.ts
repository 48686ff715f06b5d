import { DAY_MS, HOUR_MS } from '../calendar.ts'
import { DOLLAR_ASSET, NATIVE_ASSET } from '../price-walk.ts'
import type { Behaviour } from './scene.ts'
import { drawAsset } from './scene.ts'

/** A merchant pays a supplier, who may be a merchant or an employer. */
export const paySupplier: Behaviour = (scene, timeMs) => {
  const { world, random, agenda } = scene
  const payer = random.chance(0.7) ? world.any(random, 'merchant') : world.any(random, 'employer')
  const payee = world.favourite(payer, random.below(4), random.chance(0.75) ? 'merchant' : 'employer')
  agenda.add(payer, payee, random.logNormal(260_000, 1.4), timeMs, drawAsset(random))
}

/** A merchant brings its takings to an exchange. */
export const cashTakings: Behaviour = (scene, timeMs) => {
  const { world, random, agenda } = scene
  const merchant = world.any(random, 'merchant')
  agenda.add(merchant, world.hotWallet(merchant), random.logNormal(380_000, 1.2), timeMs, drawAsset(random))
}

/** A loop of firms: a prepayment passes on to a supplier and partly comes back as a refund or rebate. */
export const treasuryLoop: Behaviour = (scene, timeMs) => {
  const { world, random, agenda } = scene
  const buyer = world.any(random, 'employer')
  const agent = world.favourite(buyer, 1, 'merchant')
  const supplier = world.any(random, 'merchant')
  const asset = drawAsset(random)
  let cents = random.logNormal(900_000, 1)
  let time = timeMs
  for (const [from, to] of [
    [buyer, agent],
    [agent, supplier],
    [supplier, buyer],
  ] as const) {
    agenda.add(from, to, cents, time, asset)
    cents *= random.range(0.6, 0.99)
    time += Math.floor(random.logNormal(20 * HOUR_MS, 1))
  }
}

/** Arbitrage: out of one exchange and into another within minutes, sometimes round and back again. */
export const arbitrage: Behaviour = (scene, timeMs) => {
  const { world, random, agenda } = scene
  const maker = world.any(random, 'market_maker')
  const asset = random.chance(0.5) ? DOLLAR_ASSET : NATIVE_ASSET
  let source = world.any(random, 'hot_wallet')
  let cents = random.logNormal(700_000, 1.1)
  let time = timeMs
  for (let rounds = random.between(1, 3); rounds > 0; rounds--) {
    const target = random.chance(0.25) ? world.any(random, 'market_maker') : world.any(random, 'hot_wallet')
    agenda.add(source, maker, cents, time, asset)
    cents *= random.range(0.985, 1.012)
    time += random.between(1, 40) * 60_000
    agenda.add(maker, target, cents, time, asset)
    time += random.between(2, 90) * 60_000
    source = target
  }
}

/** An exchange moves reserves between its hot and its cold wallet. */
export const moveReserves: Behaviour = (scene, timeMs) => {
  const { world, random, agenda } = scene
  const hot = world.any(random, 'hot_wallet')
  const cold = world.coldWallet(hot)
  const cents = random.logNormal(12_000_000, 0.8)
  const asset = drawAsset(random)
  if (random.chance(0.6)) agenda.add(hot, cold, cents, timeMs, asset)
  else agenda.add(cold, hot, cents, timeMs, asset)
}

/** Someone stakes with a service, and takes the stake back days later or never. */
export const stake: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const person = people.draw(random)
  const service = world.favourite(person, 0, 'service')
  const cents = random.logNormal(90_000 * world.wealthOf(person), 1.4)
  agenda.add(person, service, cents, timeMs, NATIVE_ASSET)
  if (random.chance(0.4)) {
    agenda.add(
      service,
      person,
      cents * random.range(0.95, 1.06),
      timeMs + Math.floor(random.logNormal(5 * DAY_MS, 0.9)),
      NATIVE_ASSET,
    )
  }
}

/** A service pays rewards to many of its users within minutes: an honest burst and fan-out. */
export const payRewards: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const service = world.any(random, 'service')
  const each = random.logNormal(9_000, 1)
  const span = random.between(3, 40) * 60_000
  for (let users = random.between(5, 40); users > 0; users--) {
    const user = people.draw(random)
    agenda.add(
      service,
      user,
      random.logNormal(each * world.wealthOf(user), 0.7),
      timeMs + Math.floor(random.unit() * span),
      NATIVE_ASSET,
    )
  }
}

/** A sale at a merchant: many buyers within an hour or two. */
export const flashSale: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const merchant = world.any(random, 'merchant')
  const price = random.logNormal(22_000, 1.2)
  const span = random.between(20, 180) * 60_000
  const asset = drawAsset(random)
  for (let buyers = random.between(6, 28); buyers > 0; buyers--) {
    const cents = random.chance(0.6) ? price : price * random.between(2, 5)
    agenda.add(people.draw(random), merchant, cents, timeMs + Math.floor(random.unit() * span), asset)
  }
}
