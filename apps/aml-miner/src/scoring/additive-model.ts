/** The parts of the additive model and what each may add at most; base and all positive parts add up to 1. */
export const additiveModel = {
  /** What any alert starts with. */
  base: 0.02,
  /** The alert's own evidence: confidence × how far its typology is trusted. */
  ownEvidence: 0.28,
  /** The strongest evidence among all alerts of the address: keeps the scores of one address together. */
  addressEvidence: 0.48,
  /** Other typologies on the same address: noisy-or of their evidence. */
  corroboration: 0.08,
  /** The other alerts of the same pattern: the mean of their evidence. */
  companions: 0.12,
  /** Size, in steps of 1,000, 10,000, 100,000 and 1,000,000 US dollars. */
  volume: 0.02,
  /** How far a typology is trusted before anything is known of its alerts; `other` stands for unknown ones. */
  typologyTrust: {
    CYCLE_DETECTION: 1,
    LAYERING_PATH: 0.85,
    PEEL_CHAIN: 1,
    SMURFING_NETWORK: 1,
    MOTIF_FANIN: 0.95,
    MOTIF_FANOUT: 0.95,
    INTRADAY_STRUCTURING: 1,
    STRUCTURING: 0.95,
    RAPID_FANOUT: 0.8,
    PING_PONG: 0.9,
    VELOCITY_ANOMALY: 0.7,
    FRESH_TO_EXCHANGE: 0.6,
    MIXING_BEHAVIOR: 0.6,
    HUB_ANOMALY: 0.5,
    TIME_BASED_PATTERN: 0.4,
    PROXIMITY_RISK: 0.8,
    other: 0.6,
  },
} as const
