import {
  BASELINE_HOTKEY,
  type ParticipantStatus,
  type SubmissionStatus,
  type TournamentStatus,
} from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import type { DayStatus } from '../published/tournament-day.ts'
import type { RunStanding } from '../published/run-standing.ts'

/** A share of 1 in per cent, to one digit; `–` where there is none. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}

/** A score of 1 to four digits. */
export function score(value: number | null): string {
  return value === null ? '–' : value.toFixed(4)
}

/** A whole number with its thousands set apart. */
export function count(value: number): string {
  return value.toLocaleString('en')
}

/** Milliseconds in seconds. */
export function seconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

/** Bytes in the unit that people use. */
export function bytes(value: number | null): string {
  if (value === null) return '–'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
  let size = value
  let unit = 0
  while (size >= 1_024 && unit < units.length - 1) {
    size /= 1_024
    unit += 1
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit] ?? ''}`
}

/** A moment, to the minute. */
export function moment(at: Date | null): Html {
  if (at === null) return html`–`
  const text = at.toISOString()
  return html`<time datetime="${text}">${text.slice(0, 10)} ${text.slice(11, 16)}</time>`
}

/** A hotkey by its two ends. */
export function briefKey(hotkey: string): string {
  return hotkey.length <= 14 ? hotkey : `${hotkey.slice(0, 6)}…${hotkey.slice(-5)}`
}

/** A text that somebody else wrote: it cannot turn the letters around it, whatever it holds. */
export function foreignText(text: string): Html {
  return html`<bdi>${text}</bdi>`
}

/** A type of pattern as people write it. */
export function patternName(patternType: string): string {
  return patternType === '' ? 'no known type' : patternType.replaceAll('_', ' ')
}

/** The page of a participant. */
export function participantLink(tournamentId: string, hotkey: string): Html {
  const label = hotkey === BASELINE_HOTKEY ? 'the baseline' : briefKey(hotkey)
  return html`<a class="mono" href="/tournaments/${tournamentId}/participants/${hotkey}" title="${hotkey}"
    >${label}</a
  >`
}

type Tone = 'good' | 'bad' | 'warn' | 'calm' | ''
type Standing = TournamentStatus | ParticipantStatus | SubmissionStatus | DayStatus | RunStanding | 'pending'

const tones: Readonly<Record<Standing, Tone>> = {
  draft: '',
  registration: 'calm',
  in_progress: 'warn',
  scoring: 'warn',
  completed: 'good',
  cancelled: 'bad',
  registered: 'calm',
  active: 'calm',
  failed: 'bad',
  disqualified: 'bad',
  withdrawn: '',
  pending: '',
  disabled: '',
  running: 'warn',
  timeout: 'bad',
  refused: 'bad',
  open: 'warn',
}

/** Where something stands, as a coloured word. */
export function chip(standing: Standing): Html {
  return html`<span class="chip ${tones[standing]}">${standing.replaceAll('_', ' ')}</span>`
}
