-- One row per probe of an axon. The key is what makes a probe the same probe, so that sending a batch again replaces it.
CREATE TABLE IF NOT EXISTS axon_probes
(
  network LowCardinality(String),
  netuid UInt16,
  uid UInt16,
  hotkey String,
  probed_at DateTime64(3, 'UTC'),
  latency_ms Nullable(Float64),
  stake Decimal(38, 9),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
PARTITION BY (network, toYYYYMM(probed_at))
ORDER BY (network, netuid, uid, probed_at)
