import type { BenchmarkDeps } from '../../src/benchmark-deps.ts'

/** What every call says once the process is dead. */
export class KilledError extends Error {
  override readonly name = 'KilledError'
}

/** Deps of a process that is killed, and the calls that it made until then. */
export interface KilledDeps {
  readonly deps: BenchmarkDeps
  readonly calls: readonly string[]
}

/**
 * Deps of a process that is killed before or after call number `at`, from 0, of anything outside of it: store, sandbox,
 * source of repositories, datasets. From then on no call arrives, as after a kill.
 */
export function killedAt(whole: BenchmarkDeps, at: number, when: 'before' | 'after'): KilledDeps {
  const calls: string[] = []
  let isDead = false
  const watch = <Thing extends object>(name: string, thing: Thing): Thing =>
    new Proxy(thing, {
      get(target, property): unknown {
        const member: unknown = Reflect.get(target, property)
        if (typeof member !== 'function' || typeof property === 'symbol') return member
        return async (...args: unknown[]): Promise<unknown> => {
          const call = `${name}.${property}`
          if (isDead) throw new KilledError(`dead before ${call}`)
          const isLast = calls.push(call) - 1 === at
          if (isLast && when === 'before') isDead = true
          if (isDead) throw new KilledError(`killed before ${call}`)
          const result: unknown = await Reflect.apply(member, target, args)
          if (isLast) isDead = true
          if (isDead) throw new KilledError(`killed after ${call}`)
          return result
        }
      },
    })
  const repositories = Object.fromEntries(
    Object.entries(whole.repositories).map(([name, repository]) => [name, watch(name, repository)]),
  )
  return {
    calls,
    deps: {
      ...whole,
      repositories: Object.assign({ ...whole.repositories }, repositories),
      sandbox: watch('sandbox', whole.sandbox),
      source: watch('source', whole.source),
      datasets: watch('datasets', whole.datasets),
    },
  }
}
