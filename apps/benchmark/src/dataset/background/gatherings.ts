import { DAY_MS, HOUR_MS } from '../calendar.ts'
import { circle } from './circle.ts'
import type { Behaviour } from './scene.ts'
import { drawAsset, drawCents } from './scene.ts'

/** A collection for a present or a trip: many pay one within hours, and that one pays a merchant. */
export const collectGift: Behaviour = (scene, timeMs) => {
  const { world, random, agenda, people } = scene
  const [host = 0, ...guests] = circle(scene, people.draw(random), random.between(6, 14))
  const share = drawCents(scene, host, 420, 1.1)
  const asset = drawAsset(random)
  const span = random.range(1, 20) * HOUR_MS
  let pot = 0
  for (const guest of guests) {
    const cents = random.chance(0.5) ? share : share * random.range(0.5, 1.6)
    agenda.add(guest, host, cents, timeMs + Math.floor(random.unit() * span), asset)
    pot += cents
  }
  const later = timeMs + span + Math.floor(random.logNormal(8 * HOUR_MS, 0.9))
  agenda.add(host, world.any(random, 'merchant'), pot * random.range(0.75, 1.15), later, asset)
}

/** One person pays several others back within hours. */
export const settleUp: Behaviour = (scene, timeMs) => {
  const { random, agenda, people } = scene
  const [host = 0, ...guests] = circle(scene, people.draw(random), random.between(5, 13))
  const asset = drawAsset(random)
  const span = random.range(0.3, 8) * HOUR_MS
  for (const guest of guests) {
    agenda.add(
      host,
      guest,
      drawCents(scene, host, 420, 1.2),
      timeMs + Math.floor(random.unit() * span),
      asset,
    )
  }
}

/** A savings club: in each round every member pays the same sum to the member whose turn it is. */
export const savingsClub: Behaviour = (scene, timeMs) => {
  const { random, agenda, people, calendar } = scene
  const members = circle(scene, people.draw(random), random.between(4, 7))
  const share = drawCents(scene, members[0] ?? 0, 380, 1)
  const asset = drawAsset(random)
  const roundMs = random.between(2, 7) * DAY_MS
  members.forEach((receiver, round) => {
    for (const payer of members) {
      const time = timeMs + round * roundMs + Math.floor(random.range(0, 9) * HOUR_MS)
      agenda.add(payer, receiver, share, calendar.awake(random, time), asset)
    }
  })
}

/** Debts that friends pass around until they come back to where they began: a cycle by accident. */
export const passAround: Behaviour = (scene, timeMs) => {
  const { random, agenda, people, calendar } = scene
  const members = circle(scene, people.draw(random), random.between(3, 5))
  const asset = drawAsset(random)
  const first = drawCents(scene, members[0] ?? 0, 800, 1.2)
  let time = timeMs
  members.forEach((payer, position) => {
    const payee = members[(position + 1) % members.length] ?? payer
    agenda.add(
      payer,
      payee,
      first * (random.chance(0.4) ? random.range(0.94, 1.02) : random.range(0.3, 1.7)),
      time,
      asset,
    )
    time = calendar.awake(random, time + Math.floor(random.logNormal(14 * HOUR_MS, 1.2)))
  })
}
