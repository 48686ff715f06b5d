import type { IncentivePoint, WeightPoint } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import { showShare } from './page-text.ts'

const U16 = 65_535
const WIDTH = 1_000
const HEIGHT = 220

/** One point of a line: time in ms since 1970, share of 1. */
interface ChartPoint {
  readonly at: number
  readonly share: number
}

/** A miner's weight and incentive over time, as two lines on one scale. Points come newest first. */
export function historyChart(
  weights: readonly Pick<WeightPoint, 'at' | 'submittedWeight'>[],
  incentives: readonly Pick<IncentivePoint, 'observedAt' | 'incentive'>[],
): Html {
  const sent = weights.map(({ at, submittedWeight }) => ({ at: at.getTime(), share: submittedWeight }))
  const paid = incentives.map(({ observedAt, incentive }) => ({
    at: observedAt.getTime(),
    share: incentive / U16,
  }))
  const all = [...sent, ...paid]
  if (all.length === 0)
    return html`<p class="empty">Nothing was kept of this miner’s weights and incentive yet.</p>`
  const first = all.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const last = all.reduce((most, { at }) => Math.max(most, at), first)
  const top = niceTop(all.reduce((most, { share }) => Math.max(most, share), 0))
  const path = (points: readonly ChartPoint[]): string => linePath(points, { first, last, top })
  const label = `Weight sent, ${sent.length} cycles, and incentive, ${paid.length} epochs; the scale ends at ${showShare(top)}`
  return html`<ul class="legend">
      <li><i></i>weight that we sent</li>
      <li class="second"><i></i>incentive that the chain gave</li>
    </ul>
    <div class="chart">
      <div class="ticks" aria-hidden="true">
        <span>${axisShare(top)}</span><span>${axisShare(top / 2)}</span><span>0 %</span>
      </div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
        ${[0, HEIGHT / 2].map((y) => html`<path class="grid" d="M0 ${y}H${WIDTH}" />`)}
        <path class="line second" d="${path(paid)}" />
        <path class="line" d="${path(sent)}" />
      </svg>
      <div class="dates"><span>${chartTime(first)}</span><span>${chartTime(last)}</span></div>
    </div>`
}

function axisShare(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}

function chartTime(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

/** The least of 1, 2, 2.5, 5 × 10^n that holds the value; 1 at most. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 0.01
  const size = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * size >= value) ?? 10
  return Math.min(1, Number((step * size).toPrecision(6)))
}

function linePath(
  points: readonly ChartPoint[],
  { first, last, top }: Readonly<{ first: number; last: number; top: number }>,
): string {
  const x = (at: number): string =>
    (last === first ? WIDTH / 2 : ((at - first) / (last - first)) * WIDTH).toFixed(1)
  const y = (share: number): string => (HEIGHT - 2 - (share / top) * (HEIGHT - 4)).toFixed(1)
  const places = points.toSorted((a, b) => a.at - b.at).map(({ at, share }) => `${x(at)} ${y(share)}`)
  const [only] = points
  // A single point is a short stroke: a path of one place draws nothing.
  if (points.length === 1 && only !== undefined) return `M${Number(x(only.at)) - 6} ${y(only.share)}h12`
  return places.length === 0 ? '' : `M${places.join('L')}`
}
