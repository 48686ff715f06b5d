import type { Random } from '../random/random.ts'
import type { World } from '../world/world.ts'

/** Finds people for patterns; nobody serves in two. Some groups are neighbours, others strangers. */
export class Recruiter {
  readonly #world: World
  readonly #taken = new Set<number>()

  constructor(world: World) {
    this.#world = world
  }

  /** A person who is free, near `anchor` when it is given. The world is far larger than all patterns together. */
  recruit(random: Random, anchor: number | null): number {
    for (let nth = 0; ; nth++) {
      const person =
        anchor === null || nth > 40
          ? random.below(this.#world.ranges.person.count)
          : this.#world.contact(anchor, random.below(60))
      if (this.#taken.has(person)) continue
      this.#taken.add(person)
      return person
    }
  }

  /** Sets people free again, when a pattern did not fit into the window. */
  release(people: Iterable<number>): void {
    for (const person of people) this.#taken.delete(person)
  }
}
