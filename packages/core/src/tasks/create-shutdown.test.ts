import { EventEmitter } from 'node:events'

import { describe, expect, it } from 'vitest'

import { createShutdown } from './create-shutdown.ts'

function fakeProcess(): { process: EventEmitter & { exit(code: number): void }; exits: number[] } {
  const exits: number[] = []
  return {
    process: Object.assign(new EventEmitter(), { exit: (code: number) => void exits.push(code) }),
    exits,
  }
}

describe('createShutdown', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('asks to stop on %s and leaves on the second with %i', (name, code) => {
    const { process, exits } = fakeProcess()
    const shutdown = createShutdown({ process })
    expect(shutdown.signal.aborted).toBe(false)
    process.emit(name)
    expect(shutdown.signal.reason).toMatchObject({ name: 'InterruptedError', exitCode: code })
    expect(exits).toEqual([])
    process.emit(name)
    expect(exits).toEqual([code])
  })

  it('leaves with the code of the second signal when two differ', () => {
    const { process, exits } = fakeProcess()
    const shutdown = createShutdown({ process })
    process.emit('SIGINT')
    process.emit('SIGTERM')
    expect(shutdown.signal.reason).toMatchObject({ exitCode: 130 })
    expect(exits).toEqual([143])
  })

  it('listens no more once it is closed', () => {
    const { process, exits } = fakeProcess()
    {
      using shutdown = createShutdown({ process })
      expect(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')).toBe(2)
      expect(shutdown.signal.aborted).toBe(false)
    }
    expect(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')).toBe(0)
    expect(exits).toEqual([])
  })
})
