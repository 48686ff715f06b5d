import { type Html, html } from '@subnetkit/core/http'

const U16 = 65_535
const SHORT_NAME = 34

/** A number with at most so many digits that count, such as 0.64213; `–` without one. */
export function showNumber(value: number | null, digits = 6): string {
  if (value === null) return '–'
  return String(Number(value.toPrecision(digits)))
}

/** A share of 1 in per cent; small ones keep digits that tell them from none. */
export function showShare(share: number | null): string {
  if (share === null) return '–'
  const percent = share * 100
  const digits = percent >= 10 || percent === 0 ? 2 : 3
  return percent > 0 && percent < 0.001 ? '< 0.001 %' : `${percent.toFixed(digits)} %`
}

/** A share as the chain keeps it, 0 to 65535, in per cent. */
export function showU16Share(value: number): string {
  return showShare(value / U16)
}

/** A whole number with thousands set apart. */
export function showCount(value: number): string {
  return value.toLocaleString('en')
}

/** A text cut to what a box can hold. */
export function shorten(text: string, most: number = SHORT_NAME): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

/** A hotkey or an id by its ends, which is how people tell them apart. */
export function shortKey(key: string): string {
  return key.length <= 12 ? key : `${key.slice(0, 5)}…${key.slice(-4)}`
}

/** A point in time, to the minute, in UTC. */
export function showTime(at: Date): Html {
  const text = at.toISOString()
  return html`<time datetime="${text}" title="${text}">${text.slice(0, 16).replace('T', ' ')} UTC</time>`
}

/** How long ago, in the largest unit that is not zero. */
export function showAge(at: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1_000))
  if (seconds < 90) return `${seconds} s ago`
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min ago`
  if (seconds < 129_600) return `${Math.round(seconds / 3_600)} h ago`
  return `${Math.round(seconds / 86_400)} days ago`
}

/** A miner's link, by its short key; a search engine and a screen reader get the whole one. */
export function minerLink(hotkey: string): Html {
  return html`<a class="key" href="/miners/${hotkey}" title="${hotkey}">${shortKey(hotkey)}</a>`
}

/** A cycle's link. */
export function cycleLink(cycleId: string): Html {
  return html`<a class="key" href="/cycles/${cycleId}" title="${cycleId}">${shortKey(cycleId)}</a>`
}
