import { DAY_MS, HOUR_MS } from '../calendar.ts'
import { DOLLAR_ASSET } from '../price-walk.ts'
import { Random, mixHash } from '../random/random.ts'
import type { World } from '../world/world.ts'
import type { Scene } from './scene.ts'
import { drawAsset } from './scene.ts'

interface Payroll {
  readonly employer: number
  readonly firstPerson: number
  readonly staff: number
  readonly periodDays: number
  readonly phase: number
  readonly hour: number
  readonly asset: number
}

interface Instalment {
  readonly payer: number
  readonly payee: number
  readonly cents: number
  readonly periodDays: number
  readonly phase: number
  readonly asset: number
}

/** How many times a plan of this period comes due in a window, at least once. */
function occurrences(windowDays: number, periodDays: number): number {
  return Math.max(1, windowDays / periodDays)
}

/** What recurs on fixed days: wages, and instalments of the same sum, many of them just below a round number. */
export class Schedules {
  readonly #payrolls: Payroll[] = []
  readonly #instalments: Instalment[][] = Array.from({ length: 24 }, () => [])

  constructor(seed: string, world: World, transfers: number, windowDays: number) {
    const random = new Random(`${seed}/schedules`)
    this.#planPayrolls(random, world, transfers * 0.07, windowDays)
    this.#planInstalments(random, world, transfers * 0.03, windowDays)
  }

  #planPayrolls(random: Random, world: World, budget: number, windowDays: number): void {
    const people = world.ranges.person.count
    const { start, count } = world.ranges.employer
    const perEmployer = budget / count
    for (let nth = 0; nth < count; nth++) {
      const periodDays = [7, 7, 14, 30][random.below(4)] ?? 14
      const wanted = random.logNormal((perEmployer * 0.8) / occurrences(windowDays, periodDays), 0.7)
      this.#payrolls.push({
        employer: start + nth,
        firstPerson: random.below(people),
        staff: Math.max(2, Math.min(Math.floor(wanted), Math.floor(people / 4))),
        periodDays,
        phase: random.below(periodDays),
        hour: random.between(6, 16),
        asset: drawAsset(random),
      })
    }
  }

  #planInstalments(random: Random, world: World, budget: number, windowDays: number): void {
    const people = world.ranges.person.count
    for (let spent = 0; spent < budget;) {
      const periodDays = [1, 2, 3, 7, 7, 14][random.below(6)] ?? 7
      const thousands = [1, 1, 2, 3, 5, 10][random.below(6)] ?? 1
      const discount = random.chance(0.7) ? random.range(0.88, 0.999) : random.range(0.3, 1)
      const payer = random.below(people)
      this.#instalments[random.between(5, 22)]?.push({
        payer,
        payee: random.chance(0.6) ? world.any(random, 'merchant') : world.contact(payer, random.below(7)),
        cents: Math.floor((thousands * 100_000 * discount) / 500) * 500,
        periodDays,
        phase: random.below(periodDays),
        asset: drawAsset(random),
      })
      spent += occurrences(windowDays, periodDays)
    }
  }

  /** Notes what comes due in one hour of the window. */
  run(scene: Scene, hourStartMs: number): void {
    const hour = Math.floor((hourStartMs % DAY_MS) / HOUR_MS)
    const day = Math.floor(hourStartMs / DAY_MS)
    for (const payroll of this.#payrolls) {
      if (payroll.hour === hour && day % payroll.periodDays === payroll.phase)
        payWages(scene, payroll, hourStartMs)
    }
    for (const plan of this.#instalments[hour] ?? []) {
      if (day % plan.periodDays !== plan.phase) continue
      const time = hourStartMs + scene.random.below(HOUR_MS)
      scene.agenda.add(plan.payer, plan.payee, plan.cents, time, plan.asset)
    }
  }
}

/** Wages go out within the hour, each person's always the same; the money came from an exchange or a client before. */
function payWages(scene: Scene, payroll: Payroll, hourStartMs: number): void {
  const { world, random, agenda } = scene
  const people = world.ranges.person.count
  let total = 0
  for (let nth = 0; nth < payroll.staff; nth++) {
    const person = (payroll.firstPerson + nth) % people
    const grade = 400 + (mixHash(person, payroll.employer) % 1_200)
    const cents = Math.floor(grade * 1.4 * payroll.periodDays) * 20
    total += cents
    agenda.add(payroll.employer, person, cents, hourStartMs + random.below(HOUR_MS), payroll.asset)
  }
  const funder = random.chance(0.5) ? world.any(random, 'merchant') : world.hotWallet(payroll.employer)
  const asset = random.chance(0.5) ? DOLLAR_ASSET : payroll.asset
  agenda.add(
    funder,
    payroll.employer,
    total * random.range(0.9, 1.3),
    hourStartMs + random.below(HOUR_MS),
    asset,
  )
}
