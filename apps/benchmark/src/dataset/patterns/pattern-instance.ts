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
  | 'nested_services'
  | 'dormant_activation'
  | 'rug_pull'
  | 'proximity_risk'
  | 'sybil_network'

/** Why an address is flagged, as the truth says it; its label speaks of it too. */
export type FlagType = 'sanctions' | 'exploit' | 'mixer' | 'darknet'

/** The flagged address that a pattern hangs on. */
export interface PatternFlag {
  readonly account: number
  readonly flagType: FlagType
  /** Account to transfers between it and the flagged address; the flagged one itself has 0. */
  readonly hops: ReadonlyMap<number, number>
}

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
  | 'nested_service_user'
  | 'nested_service_wallet'
  | 'legitimate_exchange'
  | 'nested_destination'
  | 'dormant_wallet'
  | 'activation_hop'
  | 'dormant_exit'
  | 'rug_contract'
  | 'rug_developer'
  | 'rug_marketing'
  | 'rug_victim'
  | 'rug_exit'
  | 'sybil_funder'
  | 'sybil_wallet'
  | 'sybil_target'
  | 'sybil_collector'
  | 'sanctioned_entity'
  | 'exploit_attacker'
  | 'mixer_service'
  | 'darknet_market'
  | 'immediate_counterparty'
  | 'second_hop_counterparty'
  | 'third_hop_counterparty'

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
  /** Members who do nothing else of their own accord. */
  readonly silent: ReadonlySet<number>
  /** Null where the pattern hangs on no flagged address. */
  readonly flag: PatternFlag | null
}
