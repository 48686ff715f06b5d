import type { FoundTrace } from '../record/find-trace.ts'
import { showCell } from '../text-table.ts'
import { explainWeight } from '../weights/explain-weight.ts'
import type { EnvironmentStory, MinerStory } from './miner-story.ts'

const U16 = 65_535
const SHOWN_SAMPLES = 3

/** The way from incentive back to samples, as a person would tell it. */
export function storyText(story: MinerStory, found: FoundTrace): string {
  return [
    ...incentiveLines(story),
    ...weightLines(story),
    ...traceLines(found),
    ...scoreLines(story),
    ...story.environments.map(environmentLine),
  ].join('\n')
}

function incentiveLines({ hotkey, neuron, epochBlock }: MinerStory): readonly string[] {
  if (neuron === null) return [`${hotkey} is no neuron of the subnet now: nothing can be paid to it.`]
  const { uid, incentive, consensus } = neuron
  return [
    `uid ${uid}, hotkey ${hotkey}`,
    `Incentive: ${share(incentive / U16)} (${incentive} of ${U16}), by the epoch of block ${epochBlock}; the validators' consensus on it is ${share(consensus / U16)}.`,
  ]
}

function weightLines({ cycle, sent, snapshot }: MinerStory): readonly string[] {
  const state = cycle.reason === null ? cycle.state : `${cycle.state}, ${cycle.reason}`
  const at = cycle.inclusionBlock === null ? '' : `, in block ${cycle.inclusionBlock}`
  const lines = [`Our weights: cycle ${cycle.cycleId} (${state})${at}.`]
  if (sent === null || sent.value === null) {
    lines.push('  Nothing was sent for this miner.')
  } else {
    lines.push(
      `  ${share(sent.weight)} of all weight, sent as ${sent.value} of ${U16} for uid ${sent.uid ?? '?'}.`,
    )
  }
  if (cycle.burn > 0) lines.push(`  ${share(cycle.burn)} was burnt, so that miners shared the rest.`)
  if (snapshot === null) lines.push('  The scores behind it have expired.')
  return lines
}

const reasons: Readonly<Record<string, string>> = {
  not_registered: 'it was no neuron of the subnet',
  own: 'it is our own hotkey',
  owner: 'it is the subnet’s owner',
  validator: 'it sets weights itself',
}

/** What the rule made of the miner's scores; a rule without pathways has nothing to tell but points. */
function traceLines({ trace, source }: FoundTrace): readonly string[] {
  if (trace === null) return []
  const { heldBack, pathway, branch, tasks, weight } = trace
  const lines: string[] = []
  if (heldBack !== null) {
    const why = reasons[heldBack] ?? heldBack
    lines.push(`  The rule gave it ${share(weight)}, which it does not get, because ${why}.`)
  }
  if (pathway === 'rule' || branch === 'rule') return lines
  const origin = source === 'record' ? 'as recorded then' : 'computed again from the scores'
  const told = explainWeight({
    ...trace,
    uid: trace.uid ?? 0,
    pathway,
    branch,
    tasks: tasks.map((task) => ({
      ...task,
      statistics: { name: task.task, count: task.count, excellenceCut: task.excellenceCut },
    })),
    taskCount: tasks.filter(({ score }) => score !== null).length,
    emitted: trace.submittedValue,
  })
  const [, ...way] = told.split('\n')
  return [...lines, `How scores became this weight (${origin}):`, ...way.map((line) => `  ${line}`)]
}

function scoreLines({ score, snapshot }: MinerStory): readonly string[] {
  if (snapshot === null) return []
  const at = `the scores of block ${snapshot.blockNumber} (${snapshot.snapshotId}, rule ${snapshot.rule})`
  if (score === null) return [`It has no score in ${at}.`]
  const { rank, points, weight, totalSamples, scoresByLayer, reason } = score
  const layers = Object.entries(scoresByLayer)
    .filter(([, value]) => value > 0)
    .map(
      ([layer, value]) =>
        `${number(value)} for ${layer} ${layer === '1' ? 'environment' : 'environments'} at once`,
    )
  return [
    `The weight comes from ${at}: rank ${rank}, ${number(points)} points, ${share(weight)} of the miners' weight.`,
    ...(layers.length === 0 ? [] : [`  Points: ${layers.join(', ')}.`]),
    ...(reason === null ? [] : [`  No weight, because it ${showCell(reason)}.`]),
    `  Model ${showCell(score.modelName)} at ${score.modelRevision}, ${totalSamples} samples:`,
  ]
}

function environmentLine({ environment, score, sampleIds }: EnvironmentStory): string {
  const { confidenceLower, confidenceUpper, sampleCount, completeness } = score
  const shown = sampleIds.slice(0, SHOWN_SAMPLES).join(', ')
  const more = sampleIds.length > SHOWN_SAMPLES ? `, … (${sampleIds.length}; --json lists them)` : ''
  const samples = sampleIds.length === 0 ? 'its samples are gone' : `samples ${shown}${more}`
  return `  ${showCell(environment)}: mean ${number(score.score)} (${number(confidenceLower)}–${number(confidenceUpper)}) of ${sampleCount} samples, ${share(completeness)} of the tasks; ${samples}`
}

function number(value: number): string {
  return String(Number(value.toFixed(6)))
}

function share(value: number): string {
  return `${Number((value * 100).toFixed(4))} %`
}
