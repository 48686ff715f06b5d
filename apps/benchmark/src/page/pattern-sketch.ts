import type { PlantedOutcome } from '@subnetkit/core'
import { type Html, html } from '@subnetkit/core/http'

import { briefKey, patternName } from './shown-values.ts'

/** Accounts that are drawn; the number of the others stands beside them. */
const MOST_NODES = 12
const WIDTH = 120
const HEIGHT = 84
const NODE = 4.2

interface Point {
  readonly x: number
  readonly y: number
}

/** Where accounts stand, and which pay which; the hub is drawn in another colour. */
interface Drawing {
  readonly points: readonly Point[]
  readonly edges: readonly (readonly [from: number, to: number])[]
  readonly hub: number | null
}

/**
 * One planted pattern as accounts and payments, by the shape that its type has. Which account has which role is not told
 * with it, so places say nothing: the picture shows the kind and the size of what was found or missed.
 */
export function patternSketch(outcome: PlantedOutcome): Html {
  const { addresses, foundByRow, isFound, patternType, plantedPattern } = outcome
  const drawn = addresses.slice(0, MOST_NODES)
  const { edges, hub, points } = draw(patternType, drawn.length)
  const more = addresses.length - drawn.length
  const fate = isFound ? `found by row ${foundByRow ?? '?'}` : 'missed'
  const label = `${patternName(patternType)} of ${addresses.length} accounts, ${fate}`
  return html`<figure class="sketch ${isFound ? 'found' : 'missed'}">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
      ${edges.map(([from, to]) => arrow(points[from], points[to]))}
      ${points.map(
        ({ x, y }, at) =>
          html`<circle
            class="node ${at === hub ? 'hub' : ''}"
            cx="${fixed(x)}"
            cy="${fixed(y)}"
            r="${at === hub ? NODE + 1.4 : NODE}"
          >
            <title>${briefKey(drawn[at] ?? '')}</title>
          </circle>`,
      )}
      ${more > 0 ? html`<text class="more" x="${WIDTH - 2}" y="${HEIGHT - 3}">+ ${more}</text>` : html``}
    </svg>
    <figcaption>
      <code>${plantedPattern}</code><br /><span class="dim">${addresses.length} accounts, ${fate}</span>
    </figcaption>
  </figure>`
}

function draw(patternType: string, size: number): Drawing {
  if (size === 0) return { points: [], edges: [], hub: null }
  switch (patternType) {
    case 'cycle':
      return { points: ring(size), edges: around(size), hub: null }
    case 'wash_trading':
      return { points: ring(size), edges: [...around(size), ...around(size).map(flip)], hub: null }
    case 'motif_fanin':
    case 'temporal_burst':
      return { points: star(size), edges: spokes(size).map(flip), hub: 0 }
    case 'motif_fanout':
    case 'sybil_network':
    case 'rug_pull':
      return { points: star(size), edges: spokes(size), hub: 0 }
    case 'smurfing_network':
    case 'nested_services':
      return through(size)
    case 'threshold_evasion':
      return sides(size)
    default:
      return { points: zigzag(size), edges: line(size), hub: null }
  }
}

function ring(size: number): readonly Point[] {
  return Array.from({ length: size }, (_, at) => onEllipse(at / size))
}

function star(size: number): readonly Point[] {
  const outer = Array.from({ length: size - 1 }, (_, at) => onEllipse(at / Math.max(1, size - 1)))
  return [{ x: WIDTH / 2, y: HEIGHT / 2 }, ...outer]
}

function onEllipse(turn: number): Point {
  const angle = 2 * Math.PI * turn - Math.PI / 2
  return {
    x: WIDTH / 2 + (WIDTH / 2 - 14) * Math.cos(angle),
    y: HEIGHT / 2 + (HEIGHT / 2 - 12) * Math.sin(angle),
  }
}

function zigzag(size: number): readonly Point[] {
  return Array.from({ length: size }, (_, at) => ({
    x: size === 1 ? WIDTH / 2 : 12 + (at * (WIDTH - 24)) / (size - 1),
    y: HEIGHT / 2 + (at % 2 === 0 ? -13 : 13),
  }))
}

/** One account on the left, one on the right, all others between them. */
function through(size: number): Drawing {
  if (size < 3) return { points: zigzag(size), edges: line(size), hub: null }
  const middle = column(WIDTH / 2, size - 2)
  const last = size - 1
  const points = [{ x: 14, y: HEIGHT / 2 }, ...middle, { x: WIDTH - 14, y: HEIGHT / 2 }]
  const edges = middle.flatMap((_, at): readonly (readonly [number, number])[] => [
    [0, at + 1],
    [at + 1, last],
  ])
  return { points, edges, hub: 0 }
}

/** Those who pay on the left, those who are paid on the right. */
function sides(size: number): Drawing {
  if (size === 1) return { points: zigzag(1), edges: [], hub: null }
  const payers = Math.ceil(size / 2)
  const points = [...column(26, payers), ...column(WIDTH - 26, size - payers)]
  const edges = Array.from({ length: payers }, (_, from): readonly (readonly [number, number])[] =>
    Array.from({ length: size - payers }, (__, to) => [from, payers + to] as const),
  ).flat()
  return { points, edges, hub: null }
}

function column(x: number, size: number): readonly Point[] {
  return Array.from({ length: size }, (_, at) => ({
    x,
    y: size === 1 ? HEIGHT / 2 : 10 + (at * (HEIGHT - 20)) / (size - 1),
  }))
}

function line(size: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.max(0, size - 1) }, (_, at) => [at, at + 1] as const)
}

function around(size: number): readonly (readonly [number, number])[] {
  return size < 2 ? [] : Array.from({ length: size }, (_, at) => [at, (at + 1) % size] as const)
}

function spokes(size: number): readonly (readonly [number, number])[] {
  return Array.from({ length: size - 1 }, (_, at) => [0, at + 1] as const)
}

function flip([from, to]: readonly [number, number]): readonly [number, number] {
  return [to, from]
}

function arrow(from: Point | undefined, to: Point | undefined): Html {
  if (from === undefined || to === undefined) return html``
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(dx, dy)
  if (length < 2 * NODE) return html``
  const [ux, uy] = [dx / length, dy / length]
  const tip = { x: to.x - ux * (NODE + 1.5), y: to.y - uy * (NODE + 1.5) }
  const base = { x: tip.x - ux * 4.5, y: tip.y - uy * 4.5 }
  const side = (sign: number): string =>
    `${fixed(base.x - uy * 2.2 * sign)} ${fixed(base.y + ux * 2.2 * sign)}`
  return html`<path class="edge" d="M${fixed(from.x)} ${fixed(from.y)}L${fixed(base.x)} ${fixed(base.y)}" />
    <path class="tipp" d="M${fixed(tip.x)} ${fixed(tip.y)}L${side(1)}L${side(-1)}z" />`
}

function fixed(value: number): string {
  return value.toFixed(1)
}
