import type { BenchmarkScore } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import type { PatternFamily } from '../published/pattern-families.ts'

type Component = BenchmarkScore['components'][number]

const looks: Readonly<Record<Component['name'], string>> = {
  accuracy: 'b1',
  correctness: 'b2',
  performance: 'b3',
  novelty: 'b4',
}

/** What each part adds to a final score, end to end, on a scale from 0 to 1. */
export function componentBar(components: readonly Component[], finalScore: number): Html {
  // A score that was taken away as a whole keeps its parts for the reader, and no bar.
  const parts = finalScore === 0 ? [] : components
  let x = 0
  const names = components.map(({ name, score, weight }) => `${name} ${score.toFixed(4)} of ${weight} %`)
  const label = names.length === 0 ? 'no part earned anything' : names.join(', ')
  const drawn = parts.map(({ name, score, weight }) => {
    const width = weight * score
    const part = html`<rect class="${looks[name]}" x="${round(x)}" width="${round(width)}" height="6" />`
    x += width
    return part
  })
  return barOf(label, drawn)
}

/** Which colour is which part. */
export function componentKeys(components: readonly Component[]): Html {
  return html`<ul class="keys">
    ${components.map(({ name, weight }) => html`<li>${swatch(looks[name])}${name}, ${weight} %</li>`)}
  </ul>`
}

/** A share of 1 as a bar. */
export function shareBar(share: number, label: string): Html {
  return barOf(label, [html`<rect class="b1" width="${round(share * 100)}" height="6" />`])
}

/** Found, missed and wrong ones of a family, on a scale that all families of a run share. */
export function familyBar({ found, missed, wrong }: PatternFamily, most: number): Html {
  const scale = 100 / Math.max(1, most)
  const end = (found + missed) * scale
  return html`<svg
    class="bar"
    viewBox="0 0 100 8"
    preserveAspectRatio="none"
    role="img"
    aria-label="${found} found, ${missed} missed, ${wrong} wrong"
  >
    <rect class="b1" width="${round(found * scale)}" height="8" />
    <rect class="bm" x="${round(found * scale)}" y=".4" width="${round(missed * scale)}" height="7.2" />
    <rect
      class="bx"
      x="${round(end + (wrong > 0 ? 1 : 0))}"
      width="${round(Math.min(wrong * scale, Math.max(0, 99 - end)))}"
      height="8"
    />
  </svg>`
}

/** Which colour is which fate of a pattern. */
export function familyKeys(): Html {
  return html`<ul class="keys">
    <li>${swatch('b1')}planted and found</li>
    <li>${swatch('bm')}planted and missed</li>
    <li>${swatch('bx')}reported and wrong</li>
  </ul>`
}

/** A bar of 100 by 6 that stretches to its place, with parts drawn on its ground. */
function barOf(label: string, parts: readonly Html[]): Html {
  return html`<svg
    class="bar"
    viewBox="0 0 100 6"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    <rect class="b0" width="100" height="6" />
    ${parts}
  </svg>`
}

function swatch(look: string): Html {
  return html`<svg viewBox="0 0 8 8" aria-hidden="true">
    <rect class="${look}" x=".4" y=".4" width="7.2" height="7.2" rx="1.5" />
  </svg>`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
