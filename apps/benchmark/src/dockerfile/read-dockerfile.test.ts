import { describe, expect, it } from 'vitest'

import { folderBelow, readDockerfile } from './read-dockerfile.ts'

const good = `# a miner
FROM subnetkit/node:1
env MODE=fast  NAME="two words" PLAIN='a b'
WORKDIR /app
WORKDIR lib
COPY . /app/
COPY --chown=65534:65534 \\
  # in between
  main.mjs \\

  lib ./
USER 65534
ENTRYPOINT ["node", "main.mjs"]
CMD ["--all"]
`

describe('readDockerfile', () => {
  it('takes a usual one apart', () => {
    const { stages, lastStage, instructions } = readDockerfile(good)
    expect(stages).toHaveLength(1)
    expect(lastStage).toMatchObject({
      line: 2,
      base: 'subnetkit/node:1',
      name: null,
      environment: { MODE: 'fast', NAME: 'two words', PLAIN: 'a b' },
      workFolder: '/app/lib',
      user: '65534',
      entrypoint: ['node', 'main.mjs'],
      command: ['--all'],
    })
    expect(lastStage.copies).toEqual([
      { line: 6, isAdd: false, from: null, sources: ['.'], destination: '/app/', flags: {} },
      {
        line: 7,
        isAdd: false,
        from: null,
        sources: ['main.mjs', 'lib'],
        destination: './',
        flags: { chown: '65534:65534' },
      },
    ])
    expect(instructions.map(({ name, line }) => `${line} ${name}`)).toEqual([
      '2 FROM',
      '3 ENV',
      '4 WORKDIR',
      '5 WORKDIR',
      '6 COPY',
      '7 COPY',
      '12 USER',
      '13 ENTRYPOINT',
      '14 CMD',
    ])
  })

  it('tells stages apart, and what is copied between them', () => {
    const text = 'ARG A=1\nFROM a AS build\nRUN make\nfrom b\nCOPY --from=build /x /y\nADD http://x/y /z'
    const { stages, lastStage } = readDockerfile(text)
    expect(stages.map(({ base, name }) => [base, name])).toEqual([
      ['a', 'build'],
      ['b', null],
    ])
    expect(stages[0]?.instructions.map(({ name, text: said }) => [name, said])).toEqual([['RUN', 'make']])
    expect(lastStage.copies.map(({ from, isAdd, sources }) => [from, isAdd, sources])).toEqual([
      ['build', false, ['/x']],
      [null, true, ['http://x/y']],
    ])
  })

  it('keeps the shell form apart from the JSON form', () => {
    const { lastStage, instructions } = readDockerfile('FROM a\nENTRYPOINT node main.mjs')
    expect(lastStage.entrypoint).toBeNull()
    expect(instructions[1]).toMatchObject({ text: 'node main.mjs', json: null })
  })

  it('reads Windows line ends and the old form of ENV', () => {
    const { lastStage } = readDockerfile('FROM a\r\nENV NAME some words\r\nENTRYPOINT ["x"]\r\n')
    expect(lastStage).toMatchObject({ environment: { NAME: 'some words' }, entrypoint: ['x'] })
  })

  it.each([
    ['# syntax=docker/dockerfile:1\nFROM a', /line 1: .*directive 'syntax'/],
    ['# note\n#ESCAPE=`\nFROM a', /line 2: .*directive 'escape'/],
    ['FROM a\nRUN <<EOF\nid\nEOF', /line 2: .*heredoc/],
    ['FROM a\nCOPY <<F /x\nhello\nF', /line 2: .*heredoc/],
    ['FROM a\nCOPY a \\\n', /line 2: .*goes on after the end/],
    ['FROM a\nFETCH x', /line 2: "FETCH" is not an instruction/],
    ['FROM $BASE', /line 1: .*variable/],
    ['FROM a b', /line 1: .*does not name one image/],
    ['FROM a AS', /line 1: .*does not name one image/],
    ['COPY a b', /line 1: .*without a FROM/],
    ['', /line 1: .*without a FROM/],
    ['FROM a\nENTRYPOINT ["node", 1]', /line 2: .*JSON list/],
    ["FROM a\nENTRYPOINT ['node']", /line 2: .*JSON list/],
    ['FROM a\nCOPY ../secrets /x', /line 2: "..\/secrets" leads out/],
    ['FROM a\nCOPY ["a/../../b", "/x"]', /line 2: .*leads out/],
    ['FROM a\nCOPY *.mjs /x', /line 2: .*wildcard/],
    ['FROM a\nCOPY "a b" /x', /line 2: .*quote/],
    ['FROM a\nCOPY one', /line 2: .*what goes where/],
    ['FROM a\nENV =1', /line 2: .*pair/],
    ['FROM a\nENV A-B=1', /line 2: .*name for a variable/],
    ['FROM a\nENV A=1 loose', /line 2: .*pair/],
    ['FROM a\nUSER a b', /line 2: .*plain word/],
    ['FROM a\nWORKDIR', /line 2: .*says nothing/],
    ['FROM a\nRUN a\u0000b', /line 2: .*hidden/],
    ['FROM a\nRUN\u00a0id', /line 2: .*hidden/],
    ['FROM a\rRUN id', /line 1: .*hidden/],
    ['FROM a\nCOPY --from="x" a b', /line 2: .*flag/],
    [`FROM a\n#${'x'.repeat(70_000)}`, /too many/],
  ])('refuses %j', (text, message) => {
    expect(() => readDockerfile(text)).toThrowError(
      expect.objectContaining({ name: 'InputError', message: expect.stringMatching(message) }),
    )
  })
})

describe('folderBelow', () => {
  it.each([
    ['/app', 'x', '/app/x'],
    ['/app', '/x/', '/x'],
    ['/app', './a//b/../c', '/app/a/c'],
    ['/', '../../..', '/'],
  ])('%s and %s give %s', (folder, path, absolute) => {
    expect(folderBelow(folder, path)).toBe(absolute)
  })
})
