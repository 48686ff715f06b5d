import { type Html, html, trustedHtml } from '@subnetkit/core/http'

import { clusterChart, scoreChart, typologyChart, volumeChart } from './charts.ts'
import type { DayReport, ReportedAlert, ReportedCluster } from './day-report.ts'
import { showDollars, showScore, showShare } from './number-format.ts'
import { reportStyle } from './report-style.ts'

/**
 * The day as one self-contained HTML page: no script, no font, no picture from elsewhere, so that it can be mailed and
 * kept. Everything that comes from data is escaped, and the page's own policy forbids scripts.
 */
export function reportPage(report: DayReport): string {
  const { batch } = report
  const title = `${batch.network} · ${batch.processingDate} · ${batch.windowDays} days`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${trustedHtml(reportStyle)}
        </style>
      </head>
      <body>
        <main>
          <h1>A miner’s day: ${title}</h1>
          <p class="sub">
            Scored by <code>${batch.modelVersionsAlertScorer}</code> from ${report.snapshot.source}
          </p>
          ${cards(report)}
          <div class="grid">
            ${panel('How the scores lie', scoreChart(report))}
            ${panel('Alerts by typology', typologyChart(report))}
            ${report.dailyVolumes.length === 0 ? trustedHtml('') : panel('Volume and transfers per day', volumeChart(report))}
            ${report.topClusters.length === 0 ? trustedHtml('') : panel('Clusters with the highest scores', clusterChart(report))}
          </div>
          <section class="panel">
            <h2>Most urgent alerts</h2>
            ${alertTable(report.topAlerts)}
          </section>
          <section class="panel">
            <h2>Clusters</h2>
            ${clusterTable(report.topClusters)}
          </section>
          ${footer(report)}
        </main>
      </body>
    </html> `.html
}

function panel(title: string, body: Html): Html {
  return html`<section class="panel">
    <h2>${title}</h2>
    ${body}
  </section>`
}

function cards({ batch, severities, snapshot, evaluation }: DayReport): Html {
  const entries: (readonly [string, string])[] = [
    [snapshot.countTransfers.toLocaleString('en'), 'transfers'],
    [batch.outputCountsAlertScores.toLocaleString('en'), 'alerts scored'],
    [batch.outputCountsClusterScores.toLocaleString('en'), 'clusters scored'],
    [severities.critical.toLocaleString('en'), 'critical alerts'],
  ]
  if (evaluation !== null) {
    entries.push(
      [showShare(evaluation.precisionAt50), 'precision at 50'],
      [showShare(evaluation.recall), 'recall of planted accounts'],
      [evaluation.auc === null ? '–' : evaluation.auc.toFixed(3), 'AUC per account'],
    )
  }
  return html`<div class="cards">
    ${entries.map(([value, name]) => html`<div class="card"><b>${value}</b><span>${name}</span></div>`)}
  </div>`
}

function alertTable(alerts: readonly ReportedAlert[]): Html {
  if (alerts.length === 0) return html`<p class="muted">The day has no alerts.</p>`
  return html`<table>
    <thead>
      <tr>
        <th class="num">Rank</th>
        <th>Score</th>
        <th>Address</th>
        <th>What</th>
        <th>Severity</th>
        <th class="num">Volume</th>
      </tr>
    </thead>
    <tbody>
      ${alerts.map(alertRow)}
    </tbody>
  </table>`
}

function alertRow({ alert, base, contributions, rank, score }: ReportedAlert): Html {
  return html`<tr>
    <td class="num">${rank}</td>
    <td>
      ${showScore(score)}<span class="bar"><i style="width:${(score * 100).toFixed(0)}%"></i></span>
    </td>
    <td class="mono">${alert.address}</td>
    <td>
      <b>${alert.typologyType}</b><br />${alert.description}
      <details>
        <summary>why, and the evidence</summary>
        <table class="why">
          <tr>
            <td>base</td>
            <td class="num">${showScore(base)}</td>
            <td></td>
          </tr>
          ${contributions.map(
            ({ feature, impact, value }) =>
              html`<tr>
                <td>${feature}</td>
                <td class="num ${impact < 0 ? 'minus' : 'plus'}">
                  ${impact < 0 ? '−' : '+'}${showScore(Math.abs(impact))}
                </td>
                <td class="muted">value ${Number(value.toPrecision(6))}</td>
              </tr>`,
          )}
          <tr>
            <td><b>score</b></td>
            <td class="num"><b>${showScore(score)}</b></td>
            <td></td>
          </tr>
        </table>
        <pre>${prettyJson(alert.evidenceJson)}</pre>
      </details>
    </td>
    <td><span class="tag ${alert.severity}">${alert.severity}</span></td>
    <td class="num">${showDollars(alert.volumeUsd)}</td>
  </tr>`
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 1)
  } catch {
    return text
  }
}

function clusterTable(clusters: readonly ReportedCluster[]): Html {
  if (clusters.length === 0) return html`<p class="muted">The day has no clusters.</p>`
  return html`<table>
    <thead>
      <tr>
        <th>Score</th>
        <th>Cluster</th>
        <th>Kind</th>
        <th class="num">Alerts</th>
        <th class="num">Addresses</th>
        <th>Severity</th>
        <th class="num">Volume</th>
      </tr>
    </thead>
    <tbody>
      ${clusters.map(
        ({ cluster, score }) =>
          html`<tr>
            <td>
              ${showScore(score)}<span class="bar"><i style="width:${(score * 100).toFixed(0)}%"></i></span>
            </td>
            <td class="mono">${cluster.clusterId}</td>
            <td>${cluster.clusterType}</td>
            <td class="num">${cluster.totalAlerts}</td>
            <td class="num">${cluster.addressesInvolved.length}</td>
            <td><span class="tag ${cluster.severityMax}">${cluster.severityMax}</span></td>
            <td class="num">${showDollars(cluster.totalVolumeUsd)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function footer({ batch }: DayReport): Html {
  return html`<footer>
    Batch <code>${batch.batchId}</code>, attempt ${batch.attempt} · inputs <code>${batch.inputsHash}</code> ·
    results <code>${batch.resultsHash ?? ''}</code> · finished ${batch.processedAt.toISOString()}
  </footer>`
}
