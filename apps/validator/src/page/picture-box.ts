import { type Html, html } from '@subnetkit/core/http'

import { shorten } from './page-text.ts'

/** Where a box stands. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** A station of a miner's way: a name, the number that came of it, and how. */
export interface PictureBox {
  readonly title: string
  /** The number, written out. */
  readonly value: string
  /** At most two lines below it. */
  readonly lines: readonly string[]
  /** A share of 1 as a bar, and a mark on it; null without one. */
  readonly bar: Readonly<{ share: number; mark: number | null }> | null
  /** On the way that decided. */
  readonly isWon: boolean
}

/** Height of every box. */
export const BOX_HEIGHT = 104
const PAD = 12
/** What 12 px letters of the page's fonts take on average; a longer text is cut. */
const LETTER = 6.5

/** A box at its place. */
export function drawBox(box: PictureBox, { x, y, width }: Place): Html {
  const room = Math.floor((width - 2 * PAD) / LETTER)
  const left = x + PAD
  const inner = width - 2 * PAD
  const won = box.isWon ? 'won' : ''
  return html`<g>
    <title>${box.title}: ${box.value}. ${box.lines.join('; ')}</title>
    <rect class="box ${won}" x="${x}" y="${y}" width="${width}" height="${BOX_HEIGHT}" rx="10" />
    <text class="t head ${won}" x="${left}" y="${y + 22}">${shorten(box.title, room - 2)}</text>
    <text class="t big" x="${left}" y="${y + 46}">${box.value}</text>
    ${box.bar === null ? html`` : drawBar(box.bar, { x: left, y: y + 56, width: inner }, box.isWon)}
    ${box.lines
      .slice(0, 2)
      .map(
        (line, at) =>
          html`<text class="t small" x="${left}" y="${y + 77 + at * 17}">${shorten(line, room)}</text>`,
      )}
  </g>`
}

function drawBar(
  { share, mark }: Readonly<{ share: number; mark: number | null }>,
  place: Place,
  isWon: boolean,
): Html {
  const { x, y, width } = place
  const at = (part: number): number => Math.round(Math.min(1, Math.max(0, part)) * width * 10) / 10
  return html`<rect class="track" x="${x}" y="${y}" width="${width}" height="6" rx="3" />
    <rect class="${isWon ? 'fill-win' : 'fill'}" x="${x}" y="${y}" width="${at(share)}" height="6" rx="3" />
    ${mark === null ? html`` : html`<path class="mark" d="M${x + at(mark)} ${y - 3}v12" />`}`
}

/** An arrow from one point to another, leaving and arriving across or downwards. */
export function drawLink(
  from: Readonly<{ x: number; y: number }>,
  to: Readonly<{ x: number; y: number }>,
  direction: 'across' | 'down',
  isWon: boolean,
): Html {
  const won = isWon ? 'won' : ''
  if (direction === 'across') {
    const middle = (from.x + to.x) / 2
    return html`<path
        class="link ${won}"
        d="M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x - 6} ${to.y}"
      />
      <path class="tip ${won}" d="M${to.x} ${to.y}l-7 -4v8z" />`
  }
  const middle = (from.y + to.y) / 2
  return html`<path
      class="link ${won}"
      d="M${from.x} ${from.y}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y - 6}"
    />
    <path class="tip ${won}" d="M${to.x} ${to.y}l-4 -7h8z" />`
}
