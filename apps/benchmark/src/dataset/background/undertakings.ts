import { DAY_MS, HOUR_MS } from '../calendar.ts'
import { circle } from './circle.ts'
import type { Behaviour } from './scene.ts'
import { drawAsset, drawCents, payIntoExchange } from './scene.ts'

/** Friends pool money for one of them to trade with at an exchange, and get their parts back from there over days. */
export const tradeTogether: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people, calendar } = scene
  const [host = 0, ...friends] = circle(scene, people.draw(random), random.between(4, 7))
  const exchange = world.hotWallet(host)
  const asset = drawAsset(random)
  const share = drawCents(scene, host, 900, 1)
  let time = timeMs
  for (const friend of friends) {
    const cents = share * random.range(0.5, 1.6)
    agenda.add(friend, host, cents, time, asset)
    const placed = calendar.awake(random, time + Math.floor(random.logNormal(5 * HOUR_MS, 1)))
    agenda.add(host, exchange, cents * random.range(0.8, 1.05), placed, asset)
    const back = calendar.awake(random, placed + Math.floor(random.logNormal(40 * HOUR_MS, 1)))
    const payee = random.chance(0.6) ? friend : host
    agenda.add(exchange, payee, cents * random.range(0.7, 1.3), back, asset)
    time = calendar.awake(random, time + Math.floor(random.logNormal(12 * HOUR_MS, 1)))
  }
}

/** Many pay for a venture over days; some are refunded; at the end one or two helpers and a supplier are paid. */
export const fundVenture: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people, calendar } = scene
  const host = people.draw(random)
  const asset = drawAsset(random)
  const share = drawCents(scene, host, 600, 1)
  const span = calendar.fit(random.range(1, 8) * DAY_MS)
  let pot = 0
  for (let backers = random.between(6, 16); backers > 0; backers--) {
    const backer = random.chance(0.5) ? world.contact(host, random.below(40)) : people.draw(random)
    const cents = random.chance(0.4) ? share : share * random.range(0.4, 2)
    const time = calendar.awake(random, timeMs + Math.floor(random.unit() * span))
    agenda.add(backer, host, cents, time, asset)
    pot += cents
    if (random.chance(0.15))
      agenda.add(host, backer, cents * random.range(0.2, 1), time + random.below(3 * DAY_MS), asset)
  }
  const end = timeMs + span + Math.floor(random.logNormal(20 * HOUR_MS, 1))
  for (let helpers = random.between(1, 2); helpers > 0; helpers--)
    agenda.add(host, people.draw(random), pot * random.range(0.05, 0.25), end + random.below(DAY_MS), asset)
  agenda.add(
    host,
    world.any(random, 'merchant'),
    pot * random.range(0.3, 0.8),
    end + random.below(DAY_MS),
    asset,
  )
}

/** A family: the same allowance for each, who stake or spend it, and bring some of it back weeks or days later. */
export const giveAllowances: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people, calendar } = scene
  const [parent = 0, ...family] = circle(scene, people.draw(random), random.between(4, 9))
  const asset = drawAsset(random)
  const each = drawCents(scene, parent, 600, 0.9)
  const service = world.favourite(parent, 1, 'service')
  const shop = world.favourite(parent, 0, 'merchant')
  for (const member of family) {
    const given = calendar.awake(random, timeMs + random.below(DAY_MS))
    agenda.add(parent, member, each * random.range(0.9, 1.1), given, asset)
    const later = calendar.awake(random, given + Math.floor(random.logNormal(30 * HOUR_MS, 1)))
    if (random.chance(0.5)) agenda.add(member, shop, each * random.range(0.2, 0.9), later, asset)
    else {
      agenda.add(member, service, each * random.range(0.5, 0.95), later, asset)
      const paid = later + Math.floor(random.logNormal(2 * DAY_MS, 1))
      if (random.chance(0.6)) agenda.add(service, member, each * random.range(0.5, 1.3), paid, asset)
    }
    const back = calendar.awake(random, later + Math.floor(random.logNormal(3 * DAY_MS, 1)))
    if (random.chance(0.3)) agenda.add(member, parent, each * random.range(0.3, 1.2), back, asset)
  }
}

/** Savings that lie for weeks and are then given away, spent or brought to an exchange; whoever gets them may hand some on. */
export const breakSavings: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people, calendar } = scene
  const saver = world.any(random, 'person')
  const asset = drawAsset(random)
  const cents = drawCents(scene, saver, 3_000, 1.1)
  agenda.add(world.hotWallet(saver), saver, cents, timeMs, asset)
  const window = calendar.endMs - calendar.startMs
  const woken = calendar.awake(random, timeMs + Math.floor(window * random.range(0.35, 0.85)))
  if (random.chance(0.4)) {
    payIntoExchange(scene, saver, cents * random.range(0.7, 1), woken, asset)
    return
  }
  const heir = random.chance(0.6) ? world.contact(saver, random.below(7)) : people.draw(random)
  agenda.add(saver, heir, cents * random.range(0.7, 1), woken, asset)
  const passed = calendar.awake(random, woken + Math.floor(random.logNormal(10 * HOUR_MS, 1.1)))
  if (random.chance(0.4))
    agenda.add(heir, world.contact(heir, random.below(7)), cents * random.range(0.2, 0.95), passed, asset)
}
