import type { BenchmarkDeps } from '../../src/benchmark-deps.ts'

/** What the store says when the process is dead: nothing of it arrives any more. */
export class DeadError extends Error {
  override readonly name = 'DeadError'
}

/** Deps of a process that dies, and how many writes arrived before. */
export interface MortalDeps {
  readonly deps: BenchmarkDeps
  readonly writes: readonly string[]
}

const WRITE = /^(?:put|setStatus|touch|prepare|clear|drop)/

/** A process that is dead right after write number `last` of the store, counted from 1; Infinity never dies. */
export function deadAfter(whole: BenchmarkDeps, last: number): MortalDeps {
  const writes: string[] = []
  let isDead = false
  const wrapped = Object.entries(whole.repositories).map(([name, repository]) => {
    const proxy = new Proxy<object>(repository, {
      get(target, property): unknown {
        const method: unknown = Reflect.get(target, property)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]): Promise<unknown> => {
          const call = `${name}.${String(property)}`
          if (isDead) throw new DeadError(`dead before ${call}`)
          if (!WRITE.test(String(property))) return await Reflect.apply(method, target, args)
          writes.push(call)
          if (writes.length >= last) isDead = true
          const result: unknown = await Reflect.apply(method, target, args)
          if (isDead) throw new DeadError(`dead after ${call}`)
          return result
        }
      },
    })
    return [name, proxy] as const
  })
  return {
    writes,
    deps: { ...whole, repositories: Object.assign({ ...whole.repositories }, Object.fromEntries(wrapped)) },
  }
}
