import { afterAll, describe, expect, it } from 'vitest'

import { createQuickjsSandbox } from '../src/adapters/quickjs-sandbox.ts'

// Patient, so that a busy machine changes no verdict; what is about time itself is asked of the other one.
const sandbox = createQuickjsSandbox({ timeMs: 20_000 })
const impatient = createQuickjsSandbox()
afterAll(async () => {
  await sandbox.close()
  await impatient.close()
})

const deep = (open: string, close: string, depth: number): string =>
  `${open.repeat(depth)}0${close.repeat(depth)}`

describe('what programs may do', () => {
  it.each([
    ['a function declaration', 'function solve(v) { return v + 1 }', '2'],
    ['a constant', 'const solve = (v) => [v, "é\\u2028"]', '[1,"é\u2028"]'],
    ['undefined', 'function solve() {}', null],
    ['a function', 'const solve = () => solve', null],
    ['a throw', 'function solve() { throw new Error("no") }', null],
    ['a throw of something strange', 'function solve() { throw { get message() { for (;;); } } }', null],
    ['a promise', 'async function solve(v) { return v }', '{}'],
    ['itself around', 'function solve() { const a = []; a.push(a); return a }', null],
    ['not a number', 'const solve = () => 0 / 0', 'null'],
    ['no clock', 'const solve = () => typeof Date', '"undefined"'],
    ['no chance', 'const solve = () => typeof Math.random', '"undefined"'],
    [
      'nothing of the host',
      'const solve = () => [typeof process, typeof require, typeof fetch, typeof setTimeout, typeof console, typeof globalThis.Worker, typeof WebAssembly]',
      JSON.stringify(Array.from({ length: 7 }, () => 'undefined')),
    ],
    [
      'no way out by a constructor',
      'const solve = () => solve.constructor("return typeof process")()',
      '"undefined"',
    ],
    ['no module', 'const solve = () => import("node:fs")', '{}'],
  ])('%s', async (_name, source, output) => {
    expect(await sandbox.run({ source, inputs: ['1'] })).toEqual({ kind: 'finished', outputs: [output] })
  })

  it('cannot change how its own output is read by changing prototypes', async () => {
    const source = `
      JSON.stringify = () => '"forged"'
      JSON.parse = () => { throw 1 }
      Array.prototype.toJSON = undefined
      Object.defineProperty(Array.prototype, 0, { set() { throw 1 } })
      Function.prototype.call = Function.prototype.apply = () => 'forged'
      globalThis.eval = () => 'forged'
      const solve = (v) => v.length`
    expect(await sandbox.run({ source, inputs: ['[1,2,3]'] })).toEqual({ kind: 'finished', outputs: ['3'] })
  })

  it('leaves nothing behind for the next program', async () => {
    await sandbox.run({
      source: 'globalThis.left = 1; Array.prototype.left = 1; const solve = () => 1',
      inputs: ['0'],
    })
    const next = await sandbox.run({
      source: 'const solve = () => [typeof left, typeof [].left]',
      inputs: ['0'],
    })
    expect(next).toEqual({ kind: 'finished', outputs: ['["undefined","undefined"]'] })
  })

  it('keeps an output per input, also around one that threw', async () => {
    const source = 'function solve(v) { if (v === 2) throw 1; return v * 2 }'
    expect(await sandbox.run({ source, inputs: ['1', '2', '3'] })).toEqual({
      kind: 'finished',
      outputs: ['2', null, '6'],
    })
  })
})

describe('limits', () => {
  it.each([
    ['an endless loop', 'function solve() { for (;;); }', 'steps'],
    ['an endless loop outside', 'for (;;);', 'steps'],
    [
      'an endless loop that catches',
      'function solve() { for (;;) { try { for (;;); } catch {} finally { continue } } }',
      'steps',
    ],
    ['an endless getter', 'const solve = () => ({ get a() { for (;;); } })', 'steps'],
    ['an endless toJSON', 'const solve = () => ({ toJSON() { for (;;); } })', 'steps'],
    ['a proxy without end', 'const solve = () => new Proxy({}, { ownKeys() { for (;;); } })', 'steps'],
    ['a long output', 'const solve = () => "a".repeat(100_000)', 'output'],
    ['10 MB of source', `const solve = () => 1 //${'x'.repeat(10_000_000)}`, 'too_long'],
    ['no program', 'the answer is 42', 'syntax'],
    ['no function', 'const solve = 42', 'no_function'],
    ['another name', 'function solution() {}', 'no_function'],
    ['a throw outside', 'throw 1', 'syntax'],
    ['nothing', '', 'no_function'],
    ['deep brackets', deep('[', ']', 16_000), 'crashed'],
    ['deep patterns', `/${deep('(', ')', 16_000)}/`, 'syntax'],
  ])('%s', async (_name, source, reason) => {
    expect(await sandbox.run({ source, inputs: ['1'] })).toEqual({ kind: 'refused', reason })
  })

  it.each([
    ['a pattern that backtracks', 'const solve = () => /^(a+)+$/.test("a".repeat(40) + "b")'],
    ['memory, slowly', 'const solve = () => { const a = []; for (;;) a.push(new Array(1000).fill(1)) }'],
  ])(
    '%s counts few steps or none, and is ended within a second or two all the same',
    async (_name, source) => {
      const start = performance.now()
      // Which limit ends it first is the machine's business; that one does is ours.
      expect(await impatient.run({ source, inputs: ['1'] })).toEqual({
        kind: 'refused',
        reason: expect.stringMatching(/^(time|steps|memory)$/),
      })
      expect(performance.now() - start).toBeLessThan(5_000)
      const next = await impatient.run({ source: 'const solve = (v) => v', inputs: ['1'] })
      expect(next).toEqual({ kind: 'finished', outputs: ['1'] })
    },
  )

  it.each([
    ['memory', 'const solve = () => { let a = [1]; for (;;) a = a.concat(a) }'],
    ['one huge text', 'const solve = () => "a".repeat(2 ** 29)'],
    ['one huge array', 'const solve = () => new Uint8Array(2 ** 30).length'],
    ['recursion', 'function solve(v) { return solve(v) + 1 }'],
    ['recursion through patterns', 'const solve = (v) => "a".replace(/a/, () => solve(v))'],
    ['recursion through sorting', 'const solve = (v) => [2, 1].sort(() => solve(v))'],
  ])('%s runs out and the next program runs', async (_name, source) => {
    expect(await sandbox.run({ source, inputs: ['1'] })).toEqual({ kind: 'finished', outputs: [null] })
    const next = await sandbox.run({ source: 'const solve = (v) => v', inputs: ['1'] })
    expect(next).toEqual({ kind: 'finished', outputs: ['1'] })
  })

  it('survives an output so deep that reading it ends the thread', async () => {
    const source = 'const solve = () => { let a = []; for (let i = 0; i < 50000; i++) a = [a]; return a }'
    const run = await impatient.run({ source, inputs: ['1'] })
    expect([
      { kind: 'refused', reason: 'crashed' },
      { kind: 'refused', reason: 'time' },
    ]).toContainEqual(run)
    const next = await impatient.run({ source: 'const solve = (v) => v', inputs: ['1'] })
    expect(next).toEqual({ kind: 'finished', outputs: ['1'] })
  })

  it('holds up nobody while a program runs to its limit', async () => {
    let longest = 0
    let last = performance.now()
    const ticker = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    await impatient.run({ source: 'const solve = () => /^(a+)+$/.test("a".repeat(40) + "b")', inputs: ['1'] })
    clearInterval(ticker)
    expect(longest).toBeLessThan(900)
  })

  it('takes back a wait', async () => {
    const blocker = sandbox.run({ source: 'for (;;);', inputs: [] })
    const controller = new AbortController()
    const waiting = sandbox.run({ source: 'const solve = () => 1', inputs: ['1'], signal: controller.signal })
    controller.abort(new RangeError('stop'))
    await expect(waiting).rejects.toThrow('stop')
    expect(await blocker).toEqual({ kind: 'refused', reason: 'steps' })
  })

  it('says that it is closed, to who waits and to who comes later', async () => {
    const own = createQuickjsSandbox()
    const waiting = own.run({ source: 'for (;;);', inputs: [] })
    await Promise.all([expect(waiting).rejects.toThrow('sandbox: is closed'), own.close()])
    await expect(own.run({ source: '', inputs: [] })).rejects.toThrow('sandbox: is closed')
    await own.close()
  })
})
