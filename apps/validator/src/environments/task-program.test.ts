import { describe, expect, it } from 'vitest'

import { abductionTask } from './abduction-task.ts'
import { deductionTask } from './deduction-task.ts'
import { drawProgram, programSource, runProgram, stepFamilies } from './task-program.ts'
import { TaskDraws } from './task-draws.ts'

describe('programs', () => {
  it('differ from task to task', () => {
    const sources = Array.from({ length: 600 }, (_, id) => programSource(deductionTask(id, '').program))
    expect(new Set(sources).size).toBeGreaterThan(590)
  })

  it('are a family of far more than 100,000', () => {
    // Ways to compose two, three and four steps, by what each family gives and takes.
    const ways = (kind: 'number' | 'text' | 'numbers', length: number): number =>
      length === 0
        ? 1
        : stepFamilies[kind].reduce(
            (sum, { low, high, to }) => sum + (high - low + 1) * ways(to, length - 1),
            0,
          )
    expect(ways('numbers', 3)).toBeGreaterThan(100_000)
    expect(ways('text', 3)).toBeGreaterThan(100_000)
  })

  it('read as one function', () => {
    const program = drawProgram(new TaskDraws('three'), 3)
    expect(programSource(program).split('\n')).toHaveLength(6)
    expect(() => runProgram(program, program.inputKind === 'number' ? 'x' : 7)).toThrow(/^value: is a/)
  })
})

describe('tasks of programs', () => {
  it('have a hidden part that shares no input with what is shown', () => {
    for (let id = 0; id < 100; id += 1) {
      const { shown, hidden } = deductionTask(id, '')
      const inputs = [...shown, ...hidden].map(({ input }) => input)
      expect(new Set(inputs).size).toBe(24)
      expect(new Set(hidden.map(({ output }) => output)).size).toBeGreaterThan(3)
    }
  })

  it('have an input that gives the output', () => {
    for (let id = 0; id < 300; id += 1) {
      const { program, input, output } = abductionTask(id, '')
      expect(JSON.stringify(runProgram(program, input))).toBe(output)
    }
  })

  it('are others with a secret', () => {
    expect(deductionTask(1, 'a')).not.toEqual(deductionTask(1, 'b'))
    expect(abductionTask(1, 'a').output).not.toBe(abductionTask(1, '').output)
  })
})
