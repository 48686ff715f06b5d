import { type Html, html } from '@subnetkit/core/http'

import { BOX_HEIGHT, drawBox, drawLink, type PictureBox, type Place } from './picture-box.ts'
import type { PictureColumn } from './pipeline-stations.ts'

const WIDE = 1_134
const TALL = 340
/** Tasks have more to say than the others. */
const TASK_WIDTH = 290
const GAP_ACROSS = 38
const GAP_DOWN = 26
/** Room for strokes at the rim. */
const EDGE = 2

interface PlacedBox extends Place {
  readonly box: PictureBox
}

/** The way as a picture, drawn twice: across for wide screens and downwards for narrow ones, of which one is shown. */
export function pipelinePicture(columns: readonly PictureColumn[], label: string): Html {
  const filled = columns.filter(({ boxes }) => boxes.length > 0)
  return html`${widePicture(filled, label)} ${tallPicture(filled, label)}`
}

function widePicture(columns: readonly PictureColumn[], label: string): Html {
  const others = Math.max(1, columns.length - 1)
  const width = Math.min(TASK_WIDTH, (WIDE - 2 * EDGE - TASK_WIDTH) / others - GAP_ACROSS)
  const rows = columns.reduce((most, { boxes }) => Math.max(most, boxes.length), 1)
  const height = columnHeight(rows)
  const placed = columns.map(({ kind, boxes }, at) => {
    const x = EDGE + (at === 0 ? 0 : TASK_WIDTH + GAP_ACROSS + (at - 1) * (width + GAP_ACROSS))
    const top = EDGE + (height - columnHeight(boxes.length)) / 2
    return {
      kind,
      boxes: boxes.map((box, row): PlacedBox => ({
        box,
        x,
        y: top + row * (BOX_HEIGHT + GAP_DOWN),
        width: at === 0 ? TASK_WIDTH : width,
      })),
    }
  })
  const links = placed.flatMap((column, at) => {
    const within = column.kind === 'chain' ? chain(column.boxes) : []
    const next = placed[at + 1]
    return next === undefined ? within : [...within, ...fan(exits(column), entries(next), 'across')]
  })
  const boxes = placed.flatMap((column) => column.boxes)
  return picture({ kind: 'wide', width: WIDE, height: height + 2 * EDGE, label }, boxes, links)
}

/** Tasks and chains stand below each other, the two pathways side by side. */
function tallPicture(columns: readonly PictureColumn[], label: string): Html {
  const rows = columns.flatMap(({ kind, boxes }, at) => {
    const isPair = at > 0 && kind === 'fan'
    return isPair ? [boxes] : boxes.map((box) => [box])
  })
  const placed = rows.map((row, at) => {
    const gaps = (row.length - 1) * GAP_DOWN
    const width = (TALL - 2 * EDGE - gaps) / row.length
    return row.map((box, place): PlacedBox => ({
      box,
      x: EDGE + place * (width + GAP_DOWN),
      y: EDGE + at * (BOX_HEIGHT + GAP_DOWN),
      width,
    }))
  })
  const tasks = columns[0]?.boxes.length ?? 0
  // Tasks do not lead to each other: the last one leads on for all of them.
  const links = placed
    .slice(1)
    .flatMap((row, at) => (at + 1 < tasks ? [] : fan(placed[at] ?? [], row, 'down')))
  const height = columnHeight(rows.length) + 2 * EDGE
  return picture({ kind: 'tall', width: TALL, height, label }, placed.flat(), links)
}

function columnHeight(boxes: number): number {
  return boxes * (BOX_HEIGHT + GAP_DOWN) - GAP_DOWN
}

function exits({
  kind,
  boxes,
}: {
  readonly kind: string
  readonly boxes: readonly PlacedBox[]
}): readonly PlacedBox[] {
  return kind === 'fan' ? boxes : boxes.slice(-1)
}

function entries({
  kind,
  boxes,
}: {
  readonly kind: string
  readonly boxes: readonly PlacedBox[]
}): readonly PlacedBox[] {
  return kind === 'fan' ? boxes : boxes.slice(0, 1)
}

function chain(boxes: readonly PlacedBox[]): readonly Html[] {
  return boxes.slice(1).flatMap((box, at) => fan(boxes.slice(at, at + 1), [box], 'down'))
}

/** Every one to every one; those on the way that decided come last, so that they lie above the others. */
function fan(
  from: readonly PlacedBox[],
  to: readonly PlacedBox[],
  direction: 'across' | 'down',
): readonly Html[] {
  const pairs = from.flatMap((start) =>
    to.map((end) => ({ start, end, isWon: start.box.isWon && end.box.isWon })),
  )
  return pairs
    .toSorted((a, b) => Number(a.isWon) - Number(b.isWon))
    .map(({ start, end, isWon }) =>
      direction === 'across'
        ? drawLink(
            { x: start.x + start.width, y: start.y + BOX_HEIGHT / 2 },
            { x: end.x, y: end.y + BOX_HEIGHT / 2 },
            direction,
            isWon,
          )
        : drawLink(
            { x: start.x + start.width / 2, y: start.y + BOX_HEIGHT },
            { x: end.x + end.width / 2, y: end.y },
            direction,
            isWon,
          ),
    )
}

function picture(
  {
    kind,
    width,
    height,
    label,
  }: Readonly<{ kind: 'wide' | 'tall'; width: number; height: number; label: string }>,
  boxes: readonly PlacedBox[],
  links: readonly Html[],
): Html {
  return html`<svg class="picture ${kind}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${links} ${boxes.map((place) => drawBox(place.box, place))}
  </svg>`
}
