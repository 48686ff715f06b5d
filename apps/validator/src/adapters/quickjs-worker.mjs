// A worker thread that runs untrusted programs in QuickJS compiled to WebAssembly, one at a time, each in a runtime of
// its own. The thread is there so that a program that cannot be interrupted blocks nobody and can be ended from outside.
import { parentPort } from 'node:worker_threads'

import variant from '@jitl/quickjs-wasmfile-release-sync'
import { DefaultIntrinsics, newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'

/**
 * Runs inside the sandbox before the program: keeps the real JSON functions out of the program's reach and takes away
 * chance. What it returns calls `solve` and gives its result as JSON text.
 */
const HARNESS = `(() => {
  'use strict'
  const { parse, stringify } = JSON
  delete Math.random
  return (solve, input) => stringify(solve(parse(input)))
})()`

/**
 * @typedef {{ memoryBytes: number, stackBytes: number, interrupts: number, outputCharacters: number }} Limits
 * @typedef {{ id: number, source: string, inputs: readonly string[], limits: Limits }} Job
 */

const quickjs = await newQuickJSWASMModuleFromVariant(variant)

parentPort?.on('message', (/** @type {Job} */ job) => {
  parentPort?.postMessage({ id: job.id, run: runJob(job) })
})
parentPort?.postMessage({ ready: true })

/** @param {Job} job */
function runJob({ source, inputs, limits }) {
  let interrupts = 0
  const isOutOfSteps = () => interrupts > limits.interrupts
  const runtime = quickjs.newRuntime({
    memoryLimitBytes: limits.memoryBytes,
    maxStackSizeBytes: limits.stackBytes,
    interruptHandler: () => {
      interrupts += 1
      return isOutOfSteps()
    },
  })
  const context = runtime.newContext({ intrinsics: { ...DefaultIntrinsics, Date: false } })
  const call = context.unwrapResult(context.evalCode(HARNESS, 'harness.js'))
  try {
    const loaded = context.evalCode(source, 'solve.js')
    loaded.dispose()
    if (loaded.error !== undefined) return refused(isOutOfSteps() ? 'steps' : 'syntax')
    const found = context.evalCode('typeof solve === "function" ? solve : undefined', 'find.js')
    if (found.error !== undefined) {
      found.dispose()
      return refused(isOutOfSteps() ? 'steps' : 'no_function')
    }
    const solve = found.value
    try {
      if (context.typeof(solve) !== 'function') return refused('no_function')
      return callAll(context, call, solve, inputs, limits.outputCharacters, isOutOfSteps)
    } finally {
      solve.dispose()
    }
  } finally {
    call.dispose()
    context.dispose()
    runtime.dispose()
  }
}

/**
 * @param {import('quickjs-emscripten-core').QuickJSContext} context
 * @param {import('quickjs-emscripten-core').QuickJSHandle} call
 * @param {import('quickjs-emscripten-core').QuickJSHandle} solve
 * @param {readonly string[]} inputs
 * @param {number} outputCharacters
 * @param {() => boolean} isOutOfSteps
 */
function callAll(context, call, solve, inputs, outputCharacters, isOutOfSteps) {
  /** @type {(string | null)[]} */
  const outputs = []
  for (const input of inputs) {
    const text = context.newString(input)
    const result = context.callFunction(call, context.undefined, solve, text)
    text.dispose()
    if (result.error !== undefined) {
      result.dispose()
      if (isOutOfSteps()) return refused('steps')
      outputs.push(null)
      continue
    }
    const isText = context.typeof(result.value) === 'string'
    // The length of a string is its own and cannot be forged; only a short one is copied out.
    const length = isText
      ? context.getProp(result.value, 'length').consume((handle) => context.getNumber(handle))
      : 0
    const isTooLong = length > outputCharacters
    outputs.push(isText && !isTooLong ? context.getString(result.value) : null)
    result.dispose()
    if (isTooLong) return refused('output')
  }
  return { kind: 'finished', outputs }
}

/** @param {string} reason */
function refused(reason) {
  return { kind: 'refused', reason }
}
