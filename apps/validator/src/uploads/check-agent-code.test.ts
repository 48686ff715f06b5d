import { describe, expect, it } from 'vitest'

import { checkAgentCode } from './check-agent-code.ts'

const entry = 'def agent_main(problem):\n    return ""\n'
const check = async (source: string): Promise<readonly string[]> =>
  checkAgentCode({ source, packages: ['numpy', 'requests'] })

describe('an agent’s file', () => {
  it.each([
    [entry],
    [`import os, sys as system\nimport numpy.linalg as la\nfrom collections.abc import Mapping\n${entry}`],
    [`from requests import (\n    get,\n    post as send,\n)\n${entry}`],
    [`@decorated(1)\n${entry}`],
    [`def inner():\n    import json; from re import *\n${entry}`],
    [`"""import torch"""\n# import torch\nx = 'from torch import nn'\n${entry}`],
    [`${entry}def f():\n    x = yield\n    yield\n    return (yield)\n`],
    [`${entry}x = 4.*5.\ny = [1., 2.]\nz = 1.e5 + 1_0.j + x1.y\n`],
    [`${entry}match a:\n    case Foo():\n        pass\n    case Bar(x=1) | Baz():\n        f()\n`],
    [`${entry}async def g():\n    async with a as b, c:\n        await d\n    async for e in f: yield e\n`],
    [`${entry}print(f"{x!r:>{width}} {'a' + "b"}")\nif (n := 10) > 5: pass\n`],
    [`${entry}try:\n    pass\nexcept* ValueError:\n    pass\nlambda *a, **k: (a, k)\n`],
    [entry.replaceAll('\n', '\r\n')],
  ])('is taken: %j', async (source) => {
    expect(await check(source)).toStrictEqual([])
  })

  it('is told everything at once, in the order of lines', async () => {
    const source =
      'import torch\nimport os, tensorflow.keras, json, PIL as p\nfrom . import x\nfrom ..y import z\n' +
      'def f():\n    from evil.deep import os\nasync def agent_main(): pass\n'
    expect(await check(source)).toStrictEqual([
      'line 1: imports torch',
      'line 2: imports tensorflow',
      'line 2: imports PIL',
      'line 3: imports relative to itself, but an agent is one file',
      'line 4: imports relative to itself, but an agent is one file',
      'line 6: imports evil',
      'the file defines no function agent_main at its top level, or an async one',
    ])
  })

  it.each([
    [''],
    ['def agent_main2(): pass\n'],
    ['class A:\n    def agent_main(self): pass\n'],
    ['if True:\n    def agent_main(): pass\n'],
    ['agent_main = 1\n'],
    ['# def agent_main(): pass\n'],
  ])('without agent_main at its top is refused: %j', async (source) => {
    expect(await check(source)).toStrictEqual([
      'the file defines no function agent_main at its top level, or an async one',
    ])
  })

  it.each([
    [`${entry}x = (1,\n`, 4],
    [`def agent_main(:\n    pass\n`, 1],
    [`${entry}<html>\n`, 3],
    [`{"json": [1, 2}\n`, 1],
  ])('that is no Python is told where: %j', async (source, line) => {
    const told = await check(source)
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/^line \d+: is no Python here/)
    expect(Math.abs(Number(told[0]?.match(/\d+/)?.[0]) - line)).toBeLessThanOrEqual(1)
  })

  it('tells fifty violations, and how many more there are', async () => {
    const told = await check(`${'import torch\n'.repeat(1_000)}${entry}`)
    expect(told).toHaveLength(51)
    expect(told.at(-1)).toBe('and 950 more')
  })

  it('with a NUL character is refused', async () => {
    expect(await check(`${entry}\0`)).toStrictEqual(['the file holds a NUL character'])
  })

  const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
  const size = isSoak ? 1_000_000 : 50_000
  it.each(['(', '[', '{', 'f(', '-', 'not ', 'lambda:', 'x if y else ', ')', "f'{", 'if x:\n ', '\\\n'])(
    'of nothing but %j is refused',
    async (part) => {
      expect(await check(part.repeat(Math.floor(size / part.length)))).toHaveLength(1)
    },
  )

  it.each(isSoak ? ['a+', 'a.', 'a;', "'", 'a='] : ['a;'])(
    'of too many parts is refused, and others have the thread: %j',
    { timeout: 60_000 },
    async (part) => {
      let turns = 0
      const ticking = setInterval(() => (turns += 1), 1)
      const told = await check(part.repeat(Math.floor((isSoak ? 1_000_000 : 20_000) / part.length)))
      clearInterval(ticking)
      expect(told.length).toBeGreaterThan(0)
      expect(turns).toBeGreaterThan(isSoak ? 20 : 0)
    },
  )
})
