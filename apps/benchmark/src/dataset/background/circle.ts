import type { Scene } from './scene.ts'

/** People around a host, who comes first: mostly those whom the host knows; fewer than `size` where they repeat. */
export function circle(scene: Scene, host: number, size: number): number[] {
  const members = new Set<number>([host])
  for (let nth = 0; nth < size * 2 && members.size < size; nth++) {
    members.add(scene.random.chance(0.8) ? scene.world.contact(host, nth) : scene.people.draw(scene.random))
  }
  return [...members]
}
