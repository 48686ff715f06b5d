import type { BenchmarkRun } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import { accuracyOf, standingOf } from '../published/run-standing.ts'
import { shareBar } from './score-bars.ts'
import { chip, count, foreignText, percent, seconds } from './shown-values.ts'

/** The page of one run; its day is not part of it. */
export function runHref(run: BenchmarkRun, tournamentId: string, day: number): string {
  const query = `network=${run.network}&window_days=${run.windowDays}`
  return `/tournaments/${tournamentId}/participants/${run.hotkey}/days/${day}?${query}`
}

/** What was found, in words. */
export function outcomeText(run: Pick<BenchmarkRun, 'outcome'>): string {
  const { outcome } = run
  if (outcome === null) return '–'
  return outcome.kind === 'patterns'
    ? `${count(outcome.found)} of ${count(outcome.expected)} with ${count(outcome.reported)}`
    : `AUC ${outcome.areaUnderCurve.toFixed(4)}, ${percent(outcome.coverage)} scored`
}

/** Rows that are wrong about the world itself. */
export function dataText(run: Pick<BenchmarkRun, 'outcome'>): string {
  const { outcome } = run
  if (outcome === null) return '–'
  if (outcome.badData === 0 && outcome.fabricated === 0) return 'sound'
  const parts = [
    outcome.badData > 0 ? `${count(outcome.badData)} bad` : '',
    outcome.fabricated > 0 ? `${count(outcome.fabricated)} made up` : '',
  ]
  return parts.filter((part) => part !== '').join(', ')
}

/** Where a run stands, and why it did not go well. */
export function standingCell(run: BenchmarkRun): Html {
  const reason = run.disqualificationReason ?? run.errorMessage
  return html`${chip(standingOf(run))}
  ${reason === null ? html`` : html`<span class="reason">${foreignText(reason)}</span>`}`
}

/** How accurate a run was, as number and bar. */
export function accuracyCell(run: BenchmarkRun): Html {
  const accuracy = accuracyOf(run)
  if (accuracy === null) return html`–`
  return html`${percent(accuracy)} ${shareBar(accuracy, `accuracy ${percent(accuracy)}`)}`
}

/** How long it took. */
export function timeText(run: BenchmarkRun): string {
  return seconds(run.executionMs)
}
