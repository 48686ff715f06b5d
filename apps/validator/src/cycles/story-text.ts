import { showCell } from '../text-table.ts'
import type { EnvironmentStory, MinerStory } from './miner-story.ts'

const U16 = 65_535
const SHOWN_SAMPLES = 3

/** The way from incentive back to samples, as a person would tell it. */
export function storyText(story: MinerStory): string {
  return [
    ...incentiveLines(story),
    ...weightLines(story),
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
