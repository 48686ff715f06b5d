import { derivedFeatureFormulas, derivedFeatureNames } from './derived-features.ts'

/**
 * Transfers with whole micro-dollars (rounded half away from zero; a negative amount counts as 0) and whole
 * milliseconds: integers, whose sums no order of rows or threads can change.
 */
function integersSql(transfers: string): string {
  return `SELECT from_address, to_address, asset_symbol,
        intDiv(reinterpret(round(greatest(amount_usd, toDecimal128(0, 18)), 6), 'Int128'), toInt128(1000000000000)) AS micro,
        toUnixTimestamp64Milli(block_timestamp) AS ms
      FROM ${transfers}`
}

/** One event per address and transfer: 1 came in, −1 went out, 0 a transfer to oneself. */
function eventsSql(transfers: string): string {
  return `SELECT if(side = 1, to_address, from_address) AS address, asset_symbol, micro, ms,
        if(from_address = to_address, 0, side) AS direction
      FROM (${integersSql(transfers)}) ARRAY JOIN [toInt8(1), toInt8(-1)] AS side
      WHERE NOT (from_address = to_address AND side = 1)`
}

function byAddressSql(transfers: string): string {
  return `SELECT address,
      countIf(direction = 1) AS in_count, countIf(direction = -1) AS out_count,
      in_count + out_count AS flow_count, count() AS all_count, all_count - flow_count AS self_count,
      sumIf(micro, direction = 1) AS in_micro, sumIf(micro, direction = -1) AS out_micro, in_micro + out_micro AS total_micro,
      arraySort(groupArrayIf(micro, direction = 1)) AS ins, arraySort(groupArrayIf(micro, direction = -1)) AS outs,
      maxIf(micro, direction != 0) AS max_micro, minIf(micro, direction != 0) AS min_micro,
      arraySort(groupArray(ms)) AS times
    FROM (${eventsSql(transfers)}) GROUP BY address`
}

/** Sums per unordered pair first, so that each transfer is grouped once; then both ends see their side of it. */
function byCounterpartySql(transfers: string): string {
  return `SELECT if(side = 1, low, high) AS address,
      countIf(if(side = 1, to_low, to_high) > 0) AS senders, countIf(if(side = 1, to_high, to_low) > 0) AS recipients,
      count() AS counterparties,
      arraySort(groupArray(pair_volume)) AS pair_volumes, max(pair_volume) AS pair_volume_max,
      sum(toInt256(pair_volume) * toInt256(pair_volume)) AS pair_volume_squares,
      sum((to_low + to_high) * (to_low + to_high)) AS pair_count_squares,
      countIf(bitCount(quarters) > 1) AS stable_counterparties
    FROM (
      SELECT least(from_address, to_address) AS low, greatest(from_address, to_address) AS high,
        countIf(to_address = low) AS to_low, countIf(to_address = high) AS to_high, sum(micro) AS pair_volume,
        groupBitOr(toUInt8(bitShiftLeft(1,
          least(3, greatest(0, intDiv((ms - {windowStartMs:Int64}) * 4, {windowMs:Int64})))))) AS quarters
      FROM (${integersSql(transfers)}) WHERE from_address != to_address GROUP BY low, high
    ) ARRAY JOIN [1, 2] AS side GROUP BY address`
}

/** The asset of most transfers; among equals the first by name. */
function byAssetSql(transfers: string): string {
  return `SELECT address, countIf(asset_in > 0) AS assets_in, countIf(asset_out > 0) AS assets_out,
      sum((asset_in + asset_out) * (asset_in + asset_out)) AS asset_count_squares,
      argMin(asset, (-toInt64(asset_in), asset)) AS dominant_in, argMin(asset, (-toInt64(asset_out), asset)) AS dominant_out
    FROM (
      SELECT address, toString(asset_symbol) AS asset, countIf(direction = 1) AS asset_in, countIf(direction = -1) AS asset_out
      FROM (${eventsSql(transfers)}) GROUP BY address, asset
    ) GROUP BY address`
}

const momentsSql = `arrayConcat(ins, outs) AS amounts, toInt256(flow_count) AS n,
    arrayMap(micro -> intDiv(toInt256(micro) * 1000000000, greatest(toInt256(max_micro), 1)), amounts) AS units,
    arraySum(units) AS s1,
    arraySum(arrayMap(u -> u * u, units)) AS s2,
    arraySum(arrayMap(u -> u * u * u, units)) AS s3,
    arraySum(arrayMap(u -> u * u * u * u, units)) AS s4,
    n * s2 - s1 * s1 AS moment2,
    n * n * s3 - 3 * n * s1 * s2 + 2 * s1 * s1 * s1 AS moment3,
    n * n * n * s4 - 4 * n * n * s1 * s3 + 6 * n * s1 * s1 * s2 - 3 * s1 * s1 * s1 * s1 AS moment4,
    n * arraySum(arrayMap(micro -> toInt256(micro) * toInt256(micro), amounts))
      - toInt256(total_micro) * toInt256(total_micro) AS amount_spread,
    arrayCount(micro -> micro >= 8000000000 AND micro < 10000000000, amounts) AS structured_count,
    arrayCount(micro -> micro < 1000000000, amounts) AS small_count`

/**
 * Everything about times from one sorted array. The k-th element of an equal run counts 2k − 1, which adds up to the
 * square of the run's length. 1970-01-01 was a Thursday; weekday 0 is Monday.
 */
const timesSql = `times[1] AS first_ms, times[-1] AS last_ms, last_ms - first_ms AS span_ms,
    arrayPopFront(arrayDifference(times)) AS gaps,
    if(empty(gaps), 0, arrayMax(gaps)) AS max_gap_ms,
    toFloat64(toInt256(length(gaps)) * arraySum(arrayMap(gap -> toInt256(gap) * toInt256(gap), gaps))
      - toInt256(span_ms) * toInt256(span_ms)) AS gap_spread,
    arrayMap(ms -> toUInt32(intDiv(ms, 86400000)), times) AS days,
    arrayMax(arrayEnumerateUniq(arrayMap(ms -> toUInt32(intDiv(ms, 3600000)), times))) AS busiest_hour,
    arrayUniq(days) AS active_days,
    arraySum(arrayMap(k -> 2 * toUInt64(k) - 1, arrayEnumerateUniq(days))) AS day_count_squares,
    arrayMap(ms -> toUInt8(intDiv(ms, 3600000) % 24), times) AS day_hours,
    arrayMap(day -> toUInt8((day + 3) % 7), days) AS weekdays,
    arrayMap(hour -> countEqual(day_hours, toUInt8(hour)), range(24)) AS hour_counts,
    arrayMap(weekday -> countEqual(weekdays, toUInt8(weekday)), range(7)) AS day_counts`

/**
 * The statement that turns transfers into long feature rows (address, feature_name, feature_value, feature_metadata).
 * `transfers` is a table expression with its condition; the parameters `windowStartMs` and `windowMs` say where the
 * window lies. Powers of amounts are summed as 256-bit integers, relative to the address's largest amount in units of
 * 1e-9, so that none overflows.
 */
export function deriveFeaturesSql(transfers: string): string {
  const names = derivedFeatureNames.map((name) => `'${name}'`).join(', ')
  const values = derivedFeatureNames.map((name) => derivedFeatureFormulas[name]).join(',\n      ')
  return `SELECT address, feature_name, feature_value,
    multiIf(feature_name = 'dominant_asset_in', dominant_in, feature_name = 'dominant_asset_out', dominant_out, '') AS feature_metadata
  FROM (
    SELECT address, dominant_in, dominant_out,
      {windowMs:Int64} AS window_ms, {windowStartMs:Int64} + intDiv({windowMs:Int64} * 3, 4) AS last_quarter_ms,
      ${momentsSql},
      ${timesSql},
      [${values}] AS feature_values
    FROM (${byAddressSql(transfers)}) AS totals
    LEFT JOIN (${byCounterpartySql(transfers)}) AS pairs USING (address)
    INNER JOIN (${byAssetSql(transfers)}) AS assets USING (address)
  )
  ARRAY JOIN [${names}] AS feature_name, feature_values AS feature_value
  WHERE isFinite(feature_value)`
}
