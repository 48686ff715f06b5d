import { describe, expect, it } from 'vitest'

import { buildMinerPerformance, buildTaskPerformance } from '../contracts/miner-performance-builders.ts'
import { wideRow } from './wide-row.ts'

/** The columns that the former table had, but for its serial id and the time of its last update. */
const before = `miner_uid miner_hotkey period_start period_end period_type total_tasks_attempted total_tasks_completed
total_tasks_scored overall_success_rate overall_avg_score overall_rank weather_tasks_attempted weather_tasks_completed
weather_tasks_scored weather_avg_score weather_success_rate weather_rank weather_best_score weather_latest_score
soil_moisture_tasks_attempted soil_moisture_tasks_completed soil_moisture_tasks_scored soil_moisture_avg_score
soil_moisture_success_rate soil_moisture_rank soil_moisture_surface_rmse_avg soil_moisture_rootzone_rmse_avg
soil_moisture_best_score soil_moisture_latest_score geomagnetic_tasks_attempted geomagnetic_tasks_completed
geomagnetic_tasks_scored geomagnetic_avg_score geomagnetic_success_rate geomagnetic_rank geomagnetic_best_score
geomagnetic_latest_score geomagnetic_avg_error performance_trend trend_confidence last_active_time consecutive_failures
uptime_percentage detailed_metrics score_distribution calculated_at`
const added = `submitted_weight raw_calculated_weight excellence_weight diversity_weight scoring_pathway pathway_details incentive
consensus_rank weight_submission_block consensus_block weather_weight_contribution geomagnetic_weight_contribution
soil_weight_contribution multi_task_bonus percentile_rank_weather percentile_rank_geomagnetic percentile_rank_soil
excellence_qualified_tasks validator_hotkey`

describe('wideRow', () => {
  it('§3.1 §3.2 has every column of the former table, and says besides which subnet and whether it is buried', () => {
    const columns = Object.keys(wideRow(buildMinerPerformance({ tasks: [] })))
    expect(columns.toSorted()).toEqual(`${before} ${added} netuid buried_at`.split(/\s+/).toSorted())
  })

  it('spreads tasks over their columns, and says 0 and null of a task that the miner has not', () => {
    const soil = buildTaskPerformance({ taskName: 'soil', rank: 4, metrics: { surface_rmse: 0.05 } })
    expect(wideRow(buildMinerPerformance({ tasks: [soil] }))).toMatchObject({
      soil_moisture_rank: 4,
      soil_moisture_surface_rmse_avg: 0.05,
      soil_moisture_rootzone_rmse_avg: null,
      soil_weight_contribution: 0.68596578,
      percentile_rank_soil: 100,
      weather_tasks_attempted: 0,
      weather_rank: null,
      percentile_rank_weather: null,
      excellence_qualified_tasks: ['soil'],
    })
  })

  it('§2.10 tells the pathway as JSON: example A, uid 13', () => {
    const task = { percentileRank: 50, weightScore: 0.75, weightContribution: 0.11156313, isQualified: false }
    const tasks = [
      buildTaskPerformance({
        taskName: 'geomagnetic',
        weightScore: 0.97,
        percentileRank: 100,
        weightContribution: 0.17075782,
      }),
      buildTaskPerformance({ taskName: 'soil', ...task }),
      buildTaskPerformance({ taskName: 'weather', ...task, weightScore: null }),
    ]
    expect(wideRow(buildMinerPerformance({ tasks, multiTaskBonus: 1 }))['pathway_details']).toEqual({
      weather_score: null,
      geomagnetic_score: 0.97,
      soil_score: 0.75,
      percentile_ranks: { geomagnetic: 100, soil: 50 },
      excellence_qualified_tasks: ['geomagnetic'],
      diversity_contributions: { geomagnetic: 0.17075782, soil: 0.11156313 },
      multi_task_bonus: 1,
      num_active_tasks: 2,
    })
    expect(wideRow(buildMinerPerformance({ scoringPathway: null }))['pathway_details']).toBeNull()
  })

  it('follows a preset of other tasks', () => {
    const preset = [
      { taskName: 'affine:ded', prefix: 'deduction', weightName: 'ded', metrics: { seconds: 'latency' } },
    ]
    const task = buildTaskPerformance({ taskName: 'affine:ded', metrics: { latency: 1.5 } })
    const row = wideRow(buildMinerPerformance({ tasks: [task] }), preset)
    expect(row).toMatchObject({ deduction_avg_score: 0.82, deduction_seconds: 1.5, percentile_rank_ded: 100 })
    expect(Object.keys(row).filter((column) => column.includes('weather'))).toEqual([])
  })
})
