-- How many miners of a vector have weight, counted once when it is stored: a list of cycles shows the number and reads no
-- vector for it. Rows of before it are counted when they are read, and keep the number from their next merge on.
ALTER TABLE weight_cycles
  ADD COLUMN IF NOT EXISTS weighted_miners UInt32 MATERIALIZED arrayCount(share -> share > 0, weights.weight)
