import { DEFAULT_EPOCH_PARAMETERS, type EpochParameters } from './epoch-parameters.ts'
import { maxUpscale } from './max-upscale.ts'
import { runEpoch, type EpochResult } from './run-epoch.ts'
import type { Scenario, ScenarioEvent } from './scenario.ts'
import { nextPermits, stakeShares } from './stake-shares.ts'
import { EMPTY_ROW, type Neuron, type SubnetState, type U16Row } from './subnet-state.ts'

/** One epoch of a scenario that has run. */
export interface ScenarioEpoch {
  /** Counted from 0. */
  readonly epoch: number
  readonly block: number
  readonly result: EpochResult
}

interface Course {
  readonly neurons: Neuron[]
  readonly weights: U16Row[]
  bonds: U16Row[]
  readonly silent: Set<number>
}

/**
 * Runs a scenario epoch after epoch. Before each one its events happen, then every validator that has weights and is not
 * silent sends them again. Permits start as the stake at the beginning gives them. A weight on a uid that changes hands
 * is dropped, since validators mean a hotkey. Nothing is kept, so that any number of epochs can be walked.
 */
export function* runScenario(scenario: Scenario): Generator<ScenarioEpoch> {
  const parameters = { ...DEFAULT_EPOCH_PARAMETERS, ...scenario.parameters }
  const course = startCourse(scenario, parameters)
  for (let epoch = 0; epoch < scenario.epochs; epoch += 1) {
    const block = (epoch + 1) * (parameters.tempo + 1) + 2
    for (const event of scenario.events.filter((candidate) => candidate.epoch === epoch)) {
      applyEvent(course, event, block)
    }
    for (const [uid, neuron] of course.neurons.entries()) {
      const sends = (course.weights[uid]?.uids.length ?? 0) > 0 && !course.silent.has(uid)
      if (sends) course.neurons[uid] = { ...neuron, lastUpdate: block - 1 }
    }
    const state = { neurons: course.neurons, ownerUid: scenario.owner, bonds: course.bonds }
    const result = runEpoch(state, parameters, course.weights, block)
    course.neurons.splice(0, course.neurons.length, ...result.next.neurons)
    course.bonds = [...result.next.bonds]
    yield { epoch, block, result }
  }
}

function startCourse(scenario: Scenario, parameters: EpochParameters): Course {
  const bare = [...scenario.neurons].sort((a, b) => a.uid - b.uid).map(({ stake }) => newNeuron(stake, 0))
  const bonds = bare.map(() => EMPTY_ROW)
  const state: SubnetState = { neurons: bare, ownerUid: scenario.owner, bonds }
  const permits = nextPermits(stakeShares(state, parameters), parameters, scenario.owner)
  return {
    neurons: bare.map((neuron, uid) => ({ ...neuron, hasPermit: permits[uid] === true })),
    weights: bare.map(() => EMPTY_ROW),
    bonds,
    silent: new Set(),
  }
}

function newNeuron(stake: bigint, registeredAt: number): Neuron {
  return { stake, hasPermit: false, lastUpdate: registeredAt, registeredAt, commitBlock: null }
}

function applyEvent(course: Course, event: ScenarioEvent, block: number): void {
  for (const uid of event.deregister) replaceNeuron(course, uid, newNeuron(0n, block - 2))
  for (const { uid, stake } of event.register) replaceNeuron(course, uid, newNeuron(stake, block - 2))
  for (const { uid, stake } of event.stakes) {
    const neuron = course.neurons[uid]
    if (neuron !== undefined) course.neurons[uid] = { ...neuron, stake }
  }
  for (const uid of event.silence) course.silent.add(uid)
  for (const { validator, on } of event.weights) {
    const neuron = course.neurons[validator]
    if (neuron === undefined) continue
    const ascending = on.toSorted(([a], [b]) => a - b)
    course.silent.delete(validator)
    course.neurons[validator] = { ...neuron, lastUpdate: block - 1 }
    course.weights[validator] = {
      uids: ascending.map(([uid]) => uid),
      values: maxUpscale(ascending.map(([, weight]) => weight)),
    }
  }
}

function replaceNeuron(course: Course, uid: number, neuron: Neuron): void {
  course.neurons[uid] = neuron
  course.bonds[uid] = EMPTY_ROW
  for (const [holder, row] of course.weights.entries()) course.weights[holder] = withoutUid(row, uid)
  course.weights[uid] = EMPTY_ROW
  course.silent.delete(uid)
}

function withoutUid({ uids, values }: U16Row, uid: number): U16Row {
  return {
    uids: uids.filter((target) => target !== uid),
    values: values.filter((_value, at) => uids[at] !== uid),
  }
}
