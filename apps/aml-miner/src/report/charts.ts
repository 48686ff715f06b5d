import { type Html, trustedHtml } from '@subnetkit/core/http'
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

import type { DayReport } from './day-report.ts'
import { compactNumber } from './number-format.ts'

use([BarChart, LineChart, GridComponent, SVGRenderer])

const INK = '#334155'
const GRID = '#e2e8f0'
const BAR = '#2563eb'
const FONT = 'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

/** How many alerts have which score. */
export function scoreChart({ scoreBins }: DayReport): Html {
  const width = 1 / Math.max(1, scoreBins.length)
  return render({
    ...frame,
    xAxis: {
      ...axis,
      type: 'category',
      data: scoreBins.map((_, bin) => (bin * width).toFixed(2)),
      name: 'score',
      nameLocation: 'middle',
      nameGap: 30,
    },
    yAxis: { ...axis, ...counts, name: 'alerts' },
    series: [
      {
        type: 'bar',
        data: [...scoreBins],
        itemStyle: { color: BAR, borderRadius: [3, 3, 0, 0] },
        barCategoryGap: '12%',
      },
    ],
  })
}

/** How many alerts each typology gave. */
export function typologyChart({ typologies }: DayReport): Html {
  const shown = typologies.slice(0, 12).toReversed()
  return render({
    ...frame,
    grid: { ...frame.grid, left: 170, top: 16 },
    xAxis: { ...axis, ...counts },
    yAxis: { ...axis, type: 'category', data: shown.map(({ typology }) => typology) },
    series: [
      {
        type: 'bar',
        data: shown.map(({ alerts }) => alerts),
        itemStyle: { color: '#0d9488', borderRadius: [0, 3, 3, 0] },
        label: { show: true, position: 'right', color: INK, fontFamily: FONT },
        barMaxWidth: 18,
      },
    ],
  })
}

/** Volume in US dollars per day, and transfers as a line. */
export function volumeChart({ dailyVolumes }: DayReport): Html {
  return render({
    ...frame,
    grid: { ...frame.grid, right: 56 },
    xAxis: { ...axis, type: 'category', data: dailyVolumes.map(({ date }) => date.slice(5)) },
    yAxis: [
      { ...axis, ...counts, name: 'USD' },
      { ...axis, ...counts, name: 'transfers', splitLine: { show: false } },
    ],
    series: [
      {
        type: 'bar',
        data: dailyVolumes.map(({ volumeUsd }) => Number(volumeUsd)),
        itemStyle: { color: '#93c5fd', borderRadius: [3, 3, 0, 0] },
      },
      {
        type: 'line',
        yAxisIndex: 1,
        symbol: 'none',
        smooth: 0.2,
        data: dailyVolumes.map(({ transfers }) => transfers),
        lineStyle: { color: '#1e3a8a', width: 2 },
        itemStyle: { color: '#1e3a8a' },
      },
    ],
  })
}

/** Size of the clusters against their score is told by a table; this shows how the cluster scores lie. */
export function clusterChart({ topClusters }: DayReport): Html {
  const shown = topClusters.slice(0, 15).toReversed()
  return render({
    ...frame,
    grid: { ...frame.grid, left: 206, top: 16, right: 40 },
    xAxis: { ...axis, type: 'value', min: 0, max: 1 },
    yAxis: { ...axis, type: 'category', data: shown.map(({ cluster }) => shorten(cluster.clusterId)) },
    series: [
      {
        type: 'bar',
        data: shown.map(({ score }) => score),
        itemStyle: { color: '#7c3aed', borderRadius: [0, 3, 3, 0] },
        barMaxWidth: 14,
      },
    ],
  })
}

const frame = {
  animation: false,
  textStyle: { fontFamily: FONT, color: INK },
  grid: { left: 64, right: 24, top: 36, bottom: 44 },
}

const axis = {
  axisLine: { lineStyle: { color: GRID } },
  axisTick: { show: false },
  axisLabel: { color: INK, fontFamily: FONT, hideOverlap: true },
  nameTextStyle: { color: INK, fontFamily: FONT },
  splitLine: { lineStyle: { color: GRID } },
}

const counts = {
  type: 'value',
  axisLabel: { color: INK, fontFamily: FONT, formatter: compactNumber },
} as const

function shorten(id: string): string {
  return id.length <= 24 ? id : `${id.slice(0, 15)}…${id.slice(-8)}`
}

function render(option: EChartsCoreOption): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 620, height: 300 })
  try {
    chart.setOption(option)
    return trustedHtml(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}
