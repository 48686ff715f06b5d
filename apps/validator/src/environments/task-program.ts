import { numberSteps } from './number-steps.ts'
import { numbersSteps } from './numbers-steps.ts'
import { drawInput, type ProgramValue, type ValueKind } from './program-value.ts'
import type { ProgramStep, StepFamily } from './step-family.ts'
import type { TaskDraws } from './task-draws.ts'
import { textSteps } from './text-steps.ts'

/** A program of a task: steps that follow each other, each taking what the one before gave. */
export interface TaskProgram {
  readonly inputKind: ValueKind
  readonly steps: readonly ProgramStep[]
}

/** Every family of steps by what it takes. */
export const stepFamilies: Readonly<Record<ValueKind, readonly StepFamily[]>> = {
  number: numberSteps,
  text: textSteps,
  numbers: numbersSteps,
}

const kinds = ['numbers', 'numbers', 'text', 'number'] as const

/** Draws a program of `length` steps from different families that `isWanted` lets in. */
export function drawProgram(
  draws: TaskDraws,
  length: number,
  isWanted: (family: StepFamily) => boolean = () => true,
): TaskProgram {
  const inputKind: ValueKind = draws.pick(kinds)
  const steps: ProgramStep[] = []
  const used = new Set<StepFamily>()
  let kind = inputKind
  while (steps.length < length) {
    const family = draws.pick(
      stepFamilies[kind].filter((candidate) => !used.has(candidate) && isWanted(candidate)),
    )
    used.add(family)
    const step = family.at(draws.between(family.low, family.high))
    steps.push(step)
    kind = step.to
  }
  return { inputKind, steps }
}

/** What the program gives for an input of its kind. */
export function runProgram(program: TaskProgram, input: ProgramValue): ProgramValue {
  let value = input
  for (const step of program.steps) value = step.apply(value)
  return value
}

/** The program as JavaScript: a function `solve`. */
export function programSource(program: TaskProgram): string {
  const lines = program.steps.map((step) => `  v = ${step.source}`)
  return ['function solve(v) {', ...lines, '  return v', '}'].join('\n')
}

/** Different inputs of the program's kind, in the order in which they were drawn. */
export function drawInputs(draws: TaskDraws, kind: ValueKind, count: number): readonly ProgramValue[] {
  const inputs = new Map<string, ProgramValue>()
  while (inputs.size < count) {
    const input = drawInput(draws, kind)
    inputs.set(JSON.stringify(input), input)
  }
  return [...inputs.values()]
}

/** Steps of a program by difficulty class, which is the task id modulo their number. */
const stepsByClass = [2, 3, 4] as const

/** What the id says of a program task before any draw. */
export function programClass(taskId: number): { readonly length: number; readonly datasetIndex: number } {
  return {
    length: stepsByClass[taskId % stepsByClass.length] ?? stepsByClass[0],
    datasetIndex: Math.floor(taskId / stepsByClass.length),
  }
}
