import { buildMinerWeightTrace, buildTraceTask } from '@subnetkit/core/contracts'
import { describe, expect, it } from 'vitest'

import { BOX_HEIGHT } from './picture-box.ts'
import { pipelinePicture } from './pipeline-picture.ts'
import { type PipelineParts, pipelineStations } from './pipeline-stations.ts'

const trace = buildMinerWeightTrace({ heldBack: 'not_registered' })
const parts: PipelineParts = { summary: { state: 'effective' }, trace, incentive: null }

describe('the stations of a way', () => {
  it('tell every number from the scores to the incentive', () => {
    const columns = pipelineStations({ ...parts, incentive: { incentive: 6_553, epochBlock: 5_000_720 } })
    const told = columns.map(({ boxes }) => boxes.map(({ title, value, lines }) => [title, value, ...lines]))
    expect(told).toEqual([
      [
        ['weather', '0.75', 'percentile 87.5 of 200 scores', 'contributes 0.5, ★ cut 0.7'],
        ['soil', 'no score', '3 miners have one'],
      ],
      [
        ['Excellence ✓ wins', '0.575', 'best single task:', 'weather'],
        ['Diversity', '0.25', 'sum 0.5', '× bonus 1.15'],
      ],
      [
        ['Coldkey cluster', '0.575', 'raw 0.575 × 1', 'alone on its coldkey'],
        ['Normalised', '1', 'of the largest'],
      ],
      [
        ['Curve', '0.99', 'above midpoint 0.5', 'along the curve'],
        ['Weight', '25.00 %', 'of the miners’ weight,', 'before burn'],
      ],
      [
        ['Sent', '65,535', 'of 65,535: 22.50 %', 'not registered'],
        ['Incentive', '9.999 %', '6,553 of 65,535', 'epoch at 5,000,720'],
      ],
    ])
    expect(
      columns.flatMap(({ boxes }) => boxes.filter(({ isWon }) => !isWon).map(({ title }) => title)),
    ).toEqual(['soil', 'Diversity'])
  })

  it('leave out pathways and curve where a rule has none', () => {
    const plain = { ...trace, pathway: 'rule', branch: 'rule', midpoint: null } as const
    const columns = pipelineStations({ ...parts, trace: plain, summary: { state: 'revealed' } })
    expect(columns.map(({ boxes }) => boxes.map(({ title }) => title))).toEqual([
      ['weather', 'soil'],
      ['Points of the rule', 'Weight'],
      ['Sent', 'Incentive'],
    ])
    expect(columns[2]?.boxes[1]?.lines).toEqual(['no epoch ran on it yet'])
  })
})

describe('the picture of a way', () => {
  it.each([0, 1, 3, 64])('keeps every box of %d tasks within its frame, at both widths', (count) => {
    const tasks = Array.from({ length: count }, (_unused, at) =>
      buildTraceTask({ task: `task${at}${'x'.repeat(100)}` }),
    )
    const { html } = pipelinePicture(pipelineStations({ ...parts, trace: { ...trace, tasks } }), 'a <label>')
    const pictures = [...html.matchAll(/viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>([\s\S]*?)<\/svg>/g)]
    expect(pictures).toHaveLength(2)
    for (const [, width, height, content = ''] of pictures) {
      const boxes = [
        ...content.matchAll(/class="box[^"]*"\s+x="([\d.-]+)"\s+y="([\d.-]+)"\s+width="([\d.-]+)"/g),
      ]
      expect(boxes).toHaveLength(count + 8)
      for (const [, x, y, boxWidth] of boxes) {
        expect(Number(x)).toBeGreaterThan(0)
        expect(Number(x) + Number(boxWidth)).toBeLessThan(Number(width))
        expect(Number(y)).toBeGreaterThan(0)
        expect(Number(y) + BOX_HEIGHT).toBeLessThan(Number(height))
      }
    }
    expect(html).toContain('aria-label="a &lt;label&gt;"')
    expect(html).not.toContain('NaN')
  })
})
