-- The latest time of each thousand evaluations, so that the newest are found without reading the others.
ALTER TABLE evaluations
  ADD INDEX IF NOT EXISTS by_created_at created_at TYPE minmax GRANULARITY 1,
  MATERIALIZE INDEX by_created_at
