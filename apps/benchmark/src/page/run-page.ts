import type { BenchmarkOutcome, BenchmarkRun, JudgedPattern, PlantedOutcome } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import type { PatternFamily } from '../published/pattern-families.ts'
import type { RunStory, ShownWorld } from '../published/run-story.ts'
import { block, factList, pageDocument, table, tiles } from './page-document.ts'
import { patternSketch } from './pattern-sketch.ts'
import { dataText, outcomeText, standingCell, timeText } from './run-table.ts'
import { familyBar, familyKeys, shareBar } from './score-bars.ts'
import { briefKey, bytes, chip, count, foreignText, moment, patternName, percent } from './shown-values.ts'

/** Found ones and missed ones that are drawn of each family. */
const SKETCHES = 6
/** Reports that are listed. */
const LISTED = 60
/** Addresses of a report that are listed. */
const LISTED_ADDRESSES = 4

/** One run: what it came to, and once its world is no secret any more, what it found and missed in it. */
export function runPage(story: RunStory): string {
  const { day, participant, run, tournament } = story
  const path = `/tournaments/${tournament.tournamentId}`
  const who = participant.participantType === 'baseline' ? 'The baseline' : briefKey(participant.hotkey)
  return pageDocument({
    title: `${who} on day ${day}`,
    section: 'tournaments',
    crumbs: [
      { href: '/', label: 'Tournaments' },
      { href: path, label: tournament.name },
      { href: `${path}/participants/${participant.hotkey}`, label: who },
    ],
    lead: html`${run.network}, ${run.windowDays} days before ${run.processingDate}; run on ${run.testDate}`,
    body: html`${overview(run)} ${picture(story)} ${block('How it ran', technicalFacts(run))}`,
  })
}

function overview(run: BenchmarkRun): Html {
  return tiles([
    { label: 'Status', value: standingCell(run) },
    { label: run.imageType === 'ml' ? 'Scored' : 'Found', value: outcomeText(run), notes: ['reported rows'] },
    { label: 'Data', value: dataText(run) },
    { label: 'Time', value: timeText(run), notes: [run.sandbox ?? 'not run yet'] },
  ])
}

function picture({ isShown, run, tournament, world }: RunStory): Html {
  if (run.outcome === null) {
    return block('What it found', html`<p class="none">There is no output that could be judged.</p>`)
  }
  if (run.outcome.kind === 'scores') return block('How well it told them apart', measures(run.outcome))
  if (world !== null) return worldParts(world)
  const why = isShown
    ? 'What was found in this run was not kept.'
    : `Which patterns were planted, found and missed is told once the tournament is completed; it is ${tournament.status.replace('_', ' ')}.`
  return block('What it found', html`<p class="none">${why}</p>`)
}

function measures(outcome: Extract<BenchmarkOutcome, { kind: 'scores' }>): Html {
  const rows: readonly (readonly [name: string, value: number, note: string])[] = [
    ['Coverage', outcome.coverage, 'accounts that got a score'],
    ['Area under the curve', outcome.areaUnderCurve, 'chance that a culprit scores above another account'],
    [
      'Precision at recall 0.8',
      outcome.precisionAtRecall80,
      'culprits among those that must be looked at to catch 80 %',
    ],
    ['Calibration', 1 - outcome.calibrationError, '100 % when a score of 0.3 means 3 culprits in 10'],
  ]
  return table(
    'Measures of the risk scores',
    [{ head: 'Measure' }, { head: 'Value', look: 'n' }, { head: 'Meaning', look: 'optional' }],
    rows.map(([name, value, note]) => [
      name,
      html`${percent(value)} ${shareBar(value, `${name} ${percent(value)}`)}`,
      note,
    ]),
  )
}

function worldParts({ families, isComplete, reports }: ShownWorld): Html {
  const most = families.reduce(
    (largest, { found, missed, wrong }) =>
      Math.max(largest, found + missed + Math.min(wrong, found + missed)),
    1,
  )
  return html`${block(
    'Found and missed',
    html`${familyKeys()}
    ${table(
      'Planted patterns by type',
      [
        { head: 'Type' },
        { head: 'Found', look: 'n' },
        { head: 'Missed', look: 'n' },
        { head: 'Wrong', look: 'n' },
        { head: 'Share' },
      ],
      families.map((family) => [
        patternName(family.patternType),
        count(family.found),
        count(family.missed),
        count(family.wrong),
        familyBar(family, most),
      ]),
    )}
    ${isComplete ? html`` : html`<p class="note">Wrong ones are counted among the first ${count(reports.length)} reports; the run page’s numbers above are of all.</p>`}`,
  )}
  ${block(
    'Patterns of this world',
    html`${families.filter(({ planted }) => planted > 0).map(gallery)}
      <p class="note">
        Drawn by type: circles are accounts, arrows payments as the type has them. Filled ones were found,
        dashed ones missed.
      </p>`,
  )}
  ${block('Reports', reportTable(reports))}`
}

function gallery({ found, missed, outcomes, patternType, planted }: PatternFamily): Html {
  const shown: readonly PlantedOutcome[] = [
    ...outcomes.filter(({ isFound }) => isFound).slice(0, SKETCHES),
    ...outcomes.filter(({ isFound }) => !isFound).slice(0, SKETCHES),
  ]
  const more = planted - shown.length
  return html`<h3>${patternName(patternType)} <span class="dim">${found} found, ${missed} missed</span></h3>
    <div class="sketches">${shown.map(patternSketch)}</div>
    ${more > 0 ? html`<p class="note">${count(more)} more of this type are in the API.</p>` : html``}`
}

function reportTable(reports: readonly JudgedPattern[]): Html {
  if (reports.length === 0) return html`<p class="none">It reported nothing.</p>`
  const rows = reports
    .slice(0, LISTED)
    .map((report) => [
      `${report.rowNumber}`,
      foreignText(report.patternType === '' ? '–' : report.patternType),
      html`${report.isAccepted ? html`<span class="chip good">found</span>` : html`<span class="chip bad">${report.verdict.replaceAll('_', ' ')}</span>`}
        <span class="reason">${foreignText(report.explanation)}</span>`,
      addressText(report.addresses),
    ])
  return html`${table(
    'Reports with their verdicts',
    [
      { head: 'Row', look: 'n' },
      { head: 'Type', look: 'text' },
      { head: 'Verdict', look: 'text' },
      { head: 'Accounts', look: 'optional' },
    ],
    rows,
  )}
  ${reports.length > LISTED ? html`<p class="note">The first ${LISTED}; the others are in the API.</p>` : html``}`
}

function addressText(addresses: readonly string[]): Html {
  const more = addresses.length - LISTED_ADDRESSES
  return html`${addresses
    .slice(0, LISTED_ADDRESSES)
    .map((address) => html`<bdi class="mono">${briefKey(address)}</bdi> `)}
  ${more > 0 ? html`<span class="dim">and ${more} more</span>` : html``}`
}

function technicalFacts(run: BenchmarkRun): Html {
  return factList([
    ['Status', chip(run.status)],
    ['Attempts', `${run.attempts}`],
    ['Exit code', run.exitCode === null ? '–' : `${run.exitCode}`],
    ['Memory at most', bytes(run.memoryPeakBytes)],
    ['Output', bytes(run.outputBytes)],
    [
      'Features',
      run.features === null ? 'none' : `${count(run.features.rows)} rows of ${run.features.columns} columns`,
    ],
    ['Started', moment(run.startedAt)],
    ['Ended', moment(run.completedAt)],
    ['SHA-256 of the dataset', run.datasetSha256 === null ? '–' : html`<code>${run.datasetSha256}</code>`],
  ])
}
