/**
 * The features that transfers alone allow, each with its formula over the columns that `derive-features-sql.ts`
 * aggregates. Amounts are whole micro-dollars, times whole milliseconds; sums are exact integers and every feature is
 * converted to a float once, so that neither threads nor row order change a bit.
 *
 * Words used below: `transfers` are those between two addresses, in or out; a transfer of an address to itself is
 * activity but no flow: it counts for times, hours and days and for `self_transfer_count`, and for nothing else. `NaN`
 * means that the feature does not exist for this address: no row is stored.
 */

/** a / b, and 0 where b is 0. */
function ratio(a: string, b: string): string {
  return `if(${b} = 0, 0., toFloat64(${a}) / toFloat64(${b}))`
}

/** Micro-dollars as dollars. */
function dollars(micro: string): string {
  return `toFloat64(${micro}) / 1e6`
}

/** The middle of a sorted array of micro-dollars, in dollars; NaN when it is empty. */
function median(sorted: string): string {
  const low = `${sorted}[intDiv(length(${sorted}) + 1, 2)]`
  const high = `${sorted}[intDiv(length(${sorted}), 2) + 1]`
  return `if(empty(${sorted}), nan, toFloat64(${low} + ${high}) / 2e6)`
}

/** Shannon entropy of counts over `cells` cells as a share of its maximum: 0 all in one, 1 evenly spread. */
function evenness(counts: string, total: string, cells: string): string {
  const term = `if(c = 0, 0., -toFloat64(c) / toFloat64(${total}) * log2(toFloat64(c) / toFloat64(${total})))`
  const entropy = `arraySum(arrayMap(c -> ${term}, ${counts})) / log2(toFloat64(${cells}))`
  return `if(${total} = 0 OR ${cells} < 2, 0., round(least(1., greatest(0., ${entropy})), 9))`
}

/** Position of the largest count, the first one among equals. */
function peak(counts: string): string {
  return `toFloat64(indexOf(${counts}, arrayMax(${counts})) - 1)`
}

function flag(condition: string): string {
  return `toFloat64(${condition})`
}

function clamp(value: string): string {
  return `least(1., greatest(0., ${value}))`
}

const cvOfGaps = ratio('sqrt(gap_spread)', 'span_ms')
const amountCv = ratio('sqrt(toFloat64(amount_spread))', 'total_micro')

const hours = Array.from({ length: 24 }, (_unused, hour) => String(hour).padStart(2, '0'))
const hourly = Object.fromEntries(
  hours.map((hour, index) => [`hourly_activity_${hour}`, `toFloat64(hour_counts[${index + 1}])`]),
)
const daily = Object.fromEntries(
  [0, 1, 2, 3, 4, 5, 6].map((day) => [`daily_activity_${day}`, `toFloat64(day_counts[${day + 1}])`]),
)

const topology = {
  /** Distinct addresses that sent to this one. */
  degree_in: 'toFloat64(senders)',
  /** Distinct addresses that received from this one. */
  degree_out: 'toFloat64(recipients)',
  /** In plus out; an address on both sides counts twice. */
  degree_total: 'toFloat64(senders + recipients)',
  /** Distinct addresses on either side. */
  unique_counterparties: 'toFloat64(counterparties)',
  unique_senders_count: 'toFloat64(senders)',
  unique_recipients_count: 'toFloat64(recipients)',
}

const volumes = {
  total_in_usd: dollars('in_micro'),
  total_out_usd: dollars('out_micro'),
  /** In minus out. */
  net_flow_usd: dollars('(in_micro - out_micro)'),
  /** In plus out. */
  total_volume_usd: dollars('total_micro'),
  /** Missing when nothing came in; likewise for out and for the medians. */
  avg_tx_in_usd: `if(in_count = 0, nan, ${dollars('in_micro')} / in_count)`,
  avg_tx_out_usd: `if(out_count = 0, nan, ${dollars('out_micro')} / out_count)`,
  median_tx_in_usd: median('ins'),
  median_tx_out_usd: median('outs'),
  /** Missing when there are only transfers to oneself; likewise the smallest. */
  max_tx_usd: `if(flow_count = 0, nan, ${dollars('max_micro')})`,
  min_tx_usd: `if(flow_count = 0, nan, ${dollars('min_micro')})`,
  /** Volume per UTC day with activity. */
  avg_daily_volume_usd: `${dollars('total_micro')} / active_days`,
}

const distribution = {
  /** Population variance of amounts, dollars squared; 0 when all are equal. */
  amount_variance: ratio('toFloat64(amount_spread) / 1e12', 'toFloat64(flow_count) * toFloat64(flow_count)'),
  /** Third standardised moment of amounts relative to the largest (to 1e-9); 0 when all are equal. */
  amount_skewness: `if(moment2 <= 0, 0., toFloat64(moment3) / (toFloat64(moment2) * sqrt(toFloat64(moment2))))`,
  /** Fourth standardised moment minus 3: 0 for a normal distribution, and when all amounts are equal. */
  amount_kurtosis: `if(moment2 <= 0, 0., toFloat64(moment4) / (toFloat64(moment2) * toFloat64(moment2)) - 3.)`,
  /** Standard deviation of amounts in dollars. */
  volume_std: ratio('sqrt(toFloat64(amount_spread)) / 1e6', 'flow_count'),
  /** Standard deviation over mean. */
  volume_cv: amountCv,
  /** Herfindahl index of volume over counterparties: 1 when one has all. */
  flow_concentration: ratio(
    'toFloat64(pair_volume_squares)',
    'toFloat64(total_micro) * toFloat64(total_micro)',
  ),
  /** 1 − cv of amounts, at least 0: 1 when all amounts are equal. */
  amount_predictability: `if(total_micro = 0, 0., ${clamp(`1. - ${amountCv}`)})`,
}

const counts = {
  tx_in_count: 'toFloat64(in_count)',
  tx_out_count: 'toFloat64(out_count)',
  /** In plus out, without transfers to oneself. */
  tx_total_count: 'toFloat64(flow_count)',
  self_transfer_count: 'toFloat64(self_count)',
}

const temporal = {
  /** UTC days with activity. */
  activity_days: 'toFloat64(active_days)',
  /** Days from the first to the last, both counted. */
  activity_span_days: 'toFloat64(intDiv(last_ms, 86400000) - intDiv(first_ms, 86400000) + 1)',
  /** Hour of the day (UTC) with most activity, the earliest among equals. Sources also call it peak_activity_hour. */
  peak_hour: peak('hour_counts'),
  /** Day of the week with most activity, 0 = Monday. Sources also call it peak_activity_day. */
  peak_day: peak('day_counts'),
  /** 1 − evenness over the hours of the day: 1 when always at the same hour. */
  regularity_score: `1. - ${evenness('hour_counts', 'all_count', '24')}`,
  /** Of all activity beyond the first, the share in the busiest hour of the calendar: (m − 1) / (n − 1); 0 when alone. */
  burst_factor: ratio('(busiest_hour - 1)', '(all_count - 1)'),
  first_activity_timestamp: 'toFloat64(first_ms)',
  last_activity_timestamp: 'toFloat64(last_ms)',
}

const flow = {
  /** 2·min(in, out) / (in + out) of volumes: 1 when as much comes as goes. */
  reciprocity_ratio: ratio('2 * least(in_micro, out_micro)', 'total_micro'),
  /** Evenness of volume over counterparties. */
  flow_diversity: evenness('pair_volumes', 'total_micro', 'counterparties'),
  /** Herfindahl index of transfer counts over counterparties. */
  counterparty_concentration: ratio('pair_count_squares', 'flow_count * flow_count'),
  /** Volume share of the largest counterparty. */
  concentration_ratio: ratio('pair_volume_max', 'total_micro'),
  /** min(transfers / 100, 1). */
  velocity_score: ratio('least(flow_count, 100)', '100'),
  /** Share of transfers just below the reporting threshold: at least 8,000 and less than 10,000 dollars. */
  structuring_score: ratio('structured_count', 'flow_count'),
  /** Evenness of volume over the two directions. */
  flow_reciprocity_entropy: evenness('[in_micro, out_micro]', 'total_micro', '2'),
  /** Share of counterparties that were active in at least two quarters of the window. */
  counterparty_stability: ratio('stable_counterparties', 'counterparties'),
  /** (σ − μ) / (σ + μ) of the gaps between activities, in [−1, 1]: −1 like a clock, 0 random; 0 below three activities. */
  flow_burstiness: `if(all_count < 3 OR span_ms = 0, 0., (${cvOfGaps} - 1.) / (${cvOfGaps} + 1.))`,
  /** 1 − cv of the gaps, at least 0; 0 below three activities. */
  transaction_regularity: `if(all_count < 3 OR span_ms = 0, 0., ${clamp(`1. - ${cvOfGaps}`)})`,
}

const assets = {
  unique_assets_in: 'toFloat64(assets_in)',
  unique_assets_out: 'toFloat64(assets_out)',
  /** 1 − Herfindahl index of transfer counts over assets: 0 with one asset. */
  asset_diversity_score: `if(flow_count = 0, 0., 1. - ${ratio('asset_count_squares', 'flow_count * flow_count')})`,
  /** Text in the metadata: the asset of most transfers, the first by name among equals; missing when there is none. */
  dominant_asset_in: `if(in_count = 0, nan, 0.)`,
  dominant_asset_out: `if(out_count = 0, nan, 0.)`,
}

const behaviour = {
  ...hourly,
  ...daily,
  hourly_entropy: evenness('hour_counts', 'all_count', '24'),
  daily_entropy: evenness('day_counts', 'all_count', '7'),
  /** Saturday and Sunday, UTC. */
  weekend_transaction_ratio: ratio('(day_counts[6] + day_counts[7])', 'all_count'),
  /** 00:00–05:59 UTC. */
  night_transaction_ratio: ratio('arraySum(arraySlice(hour_counts, 1, 6))', 'all_count'),
  /** Share of transfers below 1,000 dollars. */
  small_transaction_ratio: ratio('small_count', 'flow_count'),
  /** 1 − cv of activity per active day, at least 0: 1 when every active day is alike. */
  consistency_score: clamp(
    `1. - sqrt(toFloat64(active_days * day_count_squares - all_count * all_count)) / all_count`,
  ),
}

const isWhale = 'total_micro >= 1000000000000'
const isActive = 'last_ms >= last_quarter_ms'

const flags = {
  /** First seen in the last quarter of the window. */
  is_new_address: flag('first_ms >= last_quarter_ms'),
  /** Silent for at least half of the window between two activities. */
  is_dormant_reactivated: flag('max_gap_ms * 2 >= window_ms'),
  /** Volume of at least a million dollars. */
  is_whale: flag(isWhale),
  /** A whale without activity in the last quarter of the window. */
  is_whale_inactive: flag(`${isWhale} AND NOT (${isActive})`),
  /** Volume of at least 100,000 dollars in at least 50 transfers. */
  is_high_volume_trader: flag('total_micro >= 100000000000 AND flow_count >= 50'),
  /** At least 50 counterparties. */
  is_hub_address: flag('counterparties >= 50'),
  /** At least 50 senders and 50 recipients. */
  is_exchange_like: flag('senders >= 50 AND recipients >= 50'),
  /** At least 20 senders and 20 recipients, and what comes goes again: reciprocity of at least 0.8. */
  is_mixer_like: flag(
    'senders >= 20 AND recipients >= 20 AND 20 * least(in_micro, out_micro) >= 8 * total_micro',
  ),
  /** Volume below 10,000 dollars, with activity in the last quarter of the window. */
  is_retail_active: flag(`total_micro < 10000000000 AND ${isActive}`),
  is_retail_inactive: flag(`total_micro < 10000000000 AND NOT (${isActive})`),
  /** Active on at least a quarter of the window's days, below a million dollars. */
  is_regular_user: flag(`active_days * 86400000 * 4 >= window_ms AND NOT (${isWhale})`),
}

/** Formulas by name. */
export const derivedFeatureFormulas: Readonly<Record<string, string>> = {
  ...topology,
  ...volumes,
  ...distribution,
  ...counts,
  ...temporal,
  ...flow,
  ...assets,
  ...behaviour,
  ...flags,
}

/** Names of all features that `deriveFromTransfers` stores, in the order in which they are documented. */
export const derivedFeatureNames: readonly string[] = Object.keys(derivedFeatureFormulas)
