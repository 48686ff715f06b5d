/** Every typology that our detectors name in alerts, in the order in which results list them. */
export const typologies = [
  'CYCLE_DETECTION',
  'LAYERING_PATH',
  'PEEL_CHAIN',
  'SMURFING_NETWORK',
  'MOTIF_FANIN',
  'MOTIF_FANOUT',
  'RAPID_FANOUT',
  'STRUCTURING',
  'INTRADAY_STRUCTURING',
  'PING_PONG',
  'VELOCITY_ANOMALY',
  'FRESH_TO_EXCHANGE',
  'TIME_BASED_PATTERN',
  'PROXIMITY_RISK',
] as const

/** One of {@link typologies}. Alerts of published snapshots may carry others. */
export type Typology = (typeof typologies)[number]

/** The shapes that a pattern can have; an alert about an address alone has none ('' in the store). */
export const patternTypes = [
  'cycle',
  'layering_path',
  'smurfing_network',
  'proximity_risk',
  'motif_fanin',
  'motif_fanout',
  'temporal_burst',
  'threshold_evasion',
] as const

/** One of {@link patternTypes}. */
export type PatternType = (typeof patternTypes)[number]
