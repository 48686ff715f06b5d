/** The kinds of pattern that truth speaks of. */
export type PatternType =
  | 'cycle'
  | 'layering_path'
  | 'smurfing_network'
  | 'motif_fanin'
  | 'motif_fanout'
  | 'threshold_evasion'
  | 'temporal_burst'
  | 'wash_trading'

/** What an account does in a pattern. */
export type PatternRole =
  | 'cycle_node'
  | 'layering_source'
  | 'layering_hop'
  | 'layering_dest'
  | 'attacker_origin'
  | 'attacker'
  | 'mule'
  | 'peel_destination'
  | 'smurfing_source'
  | 'smurfing_mule'
  | 'smurfing_intermediate'
  | 'smurfing_aggregator'
  | 'smurfing_exit'
  | 'fanin_source'
  | 'fanin_collector'
  | 'fanin_exit'
  | 'threshold_source'
  | 'threshold_destination'
  | 'burst_source'
  | 'burst_target'
  | 'burst_collector'
  | 'wash_trading_wallet'

/** One transfer of a pattern. Amounts are whole cents; times are milliseconds since 1970. */
export interface PlannedTransfer {
  readonly from: number
  readonly to: number
  readonly cents: number
  readonly timeMs: number
  readonly asset: number
}

/** One planted pattern: who, in which role, and every transfer, in the order of planning. */
export interface PatternInstance {
  readonly id: string
  /** The way of planting; it begins the id. Peel chains are layering paths by type and a shape of their own. */
  readonly shape: string
  readonly patternType: PatternType
  /** Account to role; the order is that of recruitment. */
  readonly members: ReadonlyMap<number, PatternRole>
  readonly transfers: readonly PlannedTransfer[]
  /** Ordinary traffic that belongs to the story, such as the money's origin; it is not part of the truth. */
  readonly surroundings: readonly PlannedTransfer[]
}
