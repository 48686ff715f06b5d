import { type JudgedDataset, readJudgedDataset } from '../../validation/read-judged-dataset.ts'
import type { DatasetStore, ReadyDataset } from '../../ports/dataset-store.ts'

/** Datasets held at once: those of one day's networks and windows, some 35 bytes for a transfer. */
const MAX_HELD = 4

const caches = new WeakMap<DatasetStore, Map<string, Promise<JudgedDataset>>>()

/**
 * A dataset as validation needs it, read once for all runs on it as long as `datasets` lives and it is among the few that
 * were used last. Those who ask while it is being read share the reading; if its first asker gives up, the next one reads.
 */
export async function judgedDataset(
  datasets: DatasetStore,
  ready: ReadyDataset,
  signal: AbortSignal,
): Promise<JudgedDataset> {
  const held = caches.get(datasets) ?? new Map<string, Promise<JudgedDataset>>()
  caches.set(datasets, held)
  for (;;) {
    signal.throwIfAborted()
    const known = held.get(ready.sha256)
    held.delete(ready.sha256)
    const reading = known ?? readJudgedDataset(ready, signal)
    held.set(ready.sha256, reading)
    for (const oldest of [...held.keys()].slice(0, Math.max(0, held.size - MAX_HELD))) held.delete(oldest)
    try {
      return await reading
    } catch (error) {
      if (held.get(ready.sha256) === reading) held.delete(ready.sha256)
      if (known === undefined) throw error
    }
  }
}
