import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { createQuickjsSandbox } from '../src/adapters/quickjs-sandbox.ts'
import { abductionTask } from '../src/environments/abduction-task.ts'
import { createEnvironments } from '../src/environments/create-environments.ts'
import { deductionTask } from '../src/environments/deduction-task.ts'
import { drawInputs, programSource, runProgram, stepFamilies } from '../src/environments/task-program.ts'
import { TaskDraws } from '../src/environments/task-draws.ts'

const sandbox = createQuickjsSandbox({ timeMs: 20_000 }) // patient: a busy machine changes no verdict
const environments = createEnvironments({ sandbox })
afterAll(async () => {
  await environments.close()
})

const goldenSchema = z.array(z.object({ environment: z.string(), taskId: z.int(), sha256: z.string() }))

const score = async (name: string, taskId: number, answer: string): Promise<unknown> => {
  const { score: points, success, details } = await environments.get(name).verify({ taskId, answer })
  expect(success).toBe(points === 1)
  return [points, details['reason']]
}

describe('every environment', () => {
  it('makes the tasks that it made before', async () => {
    const file = join(import.meta.dirname, 'fixtures', 'golden-tasks.json')
    const golden = goldenSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    expect(golden.length).toBeGreaterThan(8)
    const now = golden.map(({ environment, taskId }) => {
      const task = JSON.stringify(environments.get(environment).generate(taskId))
      return { environment, taskId, sha256: createHash('sha256').update(task).digest('hex') }
    })
    expect(now).toEqual(golden)
  })

  it.each(['sat', 'deduction', 'abduction'])(
    '%s gives a seed of 32 bits and a task to every id in range',
    (name) => {
      const environment = environments.get(name)
      for (const taskId of [0, 1, 99_999, environment.taskCount - 1]) {
        const task = environment.generate(taskId)
        const digest = createHash('sha256').update(`${name}:${taskId}`).digest()
        expect(BigInt(task.seed)).toBe(digest.readBigUInt64BE(0) % 2n ** 32n)
        expect(task.taskId).toBe(taskId)
        expect(JSON.stringify(task.prompt).length).toBeLessThan(20_000)
        expect(environment.generate(taskId)).toEqual(task)
      }
      for (const taskId of [-1, 1.5, Number.NaN, environment.taskCount]) {
        expect(() => environment.generate(taskId)).toThrow(`taskId of ${name}: `)
      }
    },
  )

  it.each(
    ['sat', 'deduction', 'abduction'].flatMap((name) =>
      [
        '',
        'null',
        'undefined',
        '{}',
        '[]',
        '{"input":null}',
        '{"__proto__":{"input":[1]}}',
        '{"constructor":{"prototype":1}}',
        '\u0000\u202e\ud800\u{1f600}',
        '```',
        '```js\n```',
        '{'.repeat(100_000),
        '['.repeat(100_000),
        '`'.repeat(100_000),
        `{"input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
        'x'.repeat(1_000_000),
        'x'.repeat(10_000_000),
        `{"input":"${'a'.repeat(500_000)}"}`,
        '{"input":1e999}',
        '{"input":[1.5]}',
        '{"input":{"length":3}}',
      ].map((answer) => [name, answer] as const),
    ),
  )('%s gives 0 for %.40s', async (name, answer) => {
    const start = performance.now()
    expect(await score(name, 5, answer)).toEqual([0, expect.stringMatching(/^[a-z_]+$/)])
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  it('is found by its name', () => {
    expect(environments.all.map(({ name }) => name)).toEqual(['sat', 'deduction', 'abduction'])
    expect(environments.find('chess')).toBeNull()
    expect(() => environments.get('chess')).toThrow('use one of sat, deduction, abduction')
  })

  it('rejects with the reason of its signal', async () => {
    const signal = AbortSignal.abort(new RangeError('stop'))
    for (const environment of environments.all) {
      await expect(environment.verify({ taskId: 0, answer: '', signal })).rejects.toThrow('stop')
    }
  })
})

describe('sat', () => {
  it('pays for a whole solution only', async () => {
    const prompt = environments.get('sat').generate(0).prompt[1]?.content ?? ''
    const clauses = [...prompt.matchAll(/^\((.*)\)(?: AND)?$/gm)].map((match) =>
      (match[1] ?? '').split(' OR '),
    )
    const holds = (bits: number, literal: string): boolean => {
      const isTrue = ((bits >> (Number(/\d+/.exec(literal)?.[0]) - 1)) & 1) === 1
      return literal.startsWith('NOT') ? !isTrue : isTrue
    }
    const solves = (bits: number): boolean =>
      clauses.every((clause) => clause.some((literal) => holds(bits, literal)))
    const answer = (bits: number): string =>
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`x${i + 1}`, ((bits >> i) & 1) === 1])),
      )
    expect(clauses).toHaveLength(33)
    for (let bits = 0; bits < 256; bits += 1) {
      expect(await score('sat', 0, answer(bits))).toEqual(solves(bits) ? [1, 'solved'] : [0, 'unsatisfied'])
    }
  })
})

describe('deduction', () => {
  const source = programSource(deductionTask(3, '').program)

  it.each([
    ['a fenced function', `I think:\n\`\`\`js\n${source}\n\`\`\`\nDone.`],
    ['a bare function', source],
    [
      'the last of two blocks',
      `\`\`\`\nfunction solve() {}\n\`\`\`\nbetter:\n\`\`\`javascript\n${source}\n\`\`\``,
    ],
    ['a block without end', `\`\`\`js\n${source}`],
    ['an exported function', `\`\`\`ts\nexport default ${source}\n\`\`\``],
  ])('pays for %s', async (_name, answer) => {
    expect(await score('deduction', 3, answer)).toEqual([1, 'solved'])
  })

  it('does not pay for knowing only what is shown', async () => {
    const { shown } = deductionTask(3, '')
    const table = JSON.stringify(
      Object.fromEntries(shown.map(({ input, output }) => [input, JSON.parse(output)])),
    )
    const answer = `const table = ${table}\nconst solve = (v) => table[JSON.stringify(v)] ?? 0`
    const verdict = await environments.get('deduction').verify({ taskId: 3, answer })
    expect(verdict).toMatchObject({
      score: 0,
      details: { reason: 'wrong_output', shownRight: 10, shown: 10 },
    })
  })

  it.each([
    ['for (;;);', 'steps'],
    ['throw 1', 'syntax'],
    ['const answer = 1', 'no_function'],
    ['async function solve(v) { return v }', 'wrong_output'],
    ['function solve() { return process.exit(1) }', 'wrong_output'],
    ['function solve(v) { return { toJSON: () => v } }', 'wrong_output'],
  ])('gives 0 for %s', async (answer, reason) => {
    expect(await score('deduction', 3, answer)).toEqual([0, reason])
  })
})

describe('abduction', () => {
  it('pays for any input that gives the output', async () => {
    for (const taskId of [0, 1, 2, 3, 4, 5]) {
      const { input } = abductionTask(taskId, '')
      const answer = `first {"input": 1}, no:\n\`\`\`json\n${JSON.stringify({ input })}\n\`\`\``
      expect(await score('abduction', taskId, answer)).toEqual([1, 'solved'])
    }
  })

  it('gives 0 for another input and for one of another kind', async () => {
    const taskId =
      [0, 1, 2, 3, 4, 5, 6, 7].find((id) => abductionTask(id, '').program.inputKind === 'numbers') ?? -1
    expect(await score('abduction', taskId, '{"input": [9, 9, 9]}')).toEqual([0, 'wrong_output'])
    expect(await score('abduction', taskId, '{"input": "text with {braces}"}')).toEqual([0, 'wrong_input'])
  })
})

describe('programs', () => {
  it('give in the sandbox what they give here, step by step, also for inputs that no task draws', async () => {
    const extremes = {
      number: [0, -1, 1_000_000, -1_000_000, 999_983],
      text: ['', ' ', '~', '"\\{}', 'aAzZ09', 'aaabbb', "'`$1${x}"],
      numbers: [[], [0], [-1_000_000, 1_000_000], [3, 3, -3], Array.from({ length: 64 }, (_, i) => i * -999)],
    }
    const families = Object.values(stepFamilies).flat()
    expect(families.length).toBeGreaterThan(40)
    for (const family of families) {
      const draws = new TaskDraws(family.at(family.low).source)
      const inputs = [...extremes[family.from], ...drawInputs(draws, family.from, 10)]
      for (const constant of new Set([family.low, family.high])) {
        const program = { inputKind: family.from, steps: [family.at(constant)] }
        const run = await sandbox.run({
          source: programSource(program),
          inputs: inputs.map((input) => JSON.stringify(input)),
        })
        const outputs = inputs.map((input) => JSON.stringify(runProgram(program, input)))
        expect([programSource(program), run]).toEqual([programSource(program), { kind: 'finished', outputs }])
      }
    }
  })
})
