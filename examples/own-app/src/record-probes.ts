import { defineTask, networkSchema } from '@subnetkit/core'
import { z } from 'zod'

import type { AxonProbe, AxonUptime } from './axon-probe.ts'
import type { AxonProbeRepository } from './axon-probe-repository.ts'

/** What the task is given: where probes come from, and where they go. */
export interface RecordProbesDeps {
  readonly probes: AxonProbeRepository
  /** Reaches every axon of the subnet once. */
  readonly probeSubnet: (network: string, netuid: number, at: Date) => Promise<readonly AxonProbe[]>
}

/** What the task is told: small, strict and serialisable, so that it can wait in a queue. */
const context = z.strictObject({
  network: networkSchema,
  netuid: z.int().min(0).max(65_535),
  rounds: z.int().min(1).max(1_000),
})

/** Probes a subnet a number of times, stores each round, and answers with the uptime of each axon. */
export const recordProbes = defineTask({
  name: 'record-probes',
  context,
  retry: { attempts: 3 },
  async run(
    { probes, probeSubnet }: RecordProbesDeps,
    { network, netuid, rounds },
    { clock, checkpoint, log, signal },
  ): Promise<readonly AxonUptime[]> {
    const since = clock.now()
    for (let round = 0; round < rounds; round++) {
      await checkpoint()
      const found = await probeSubnet(network, netuid, new Date(since.getTime() + round * 1_000))
      await probes.put({ probes: found }, { signal })
      log.debug({ round, axons: found.length }, 'round stored')
    }
    const until = new Date(since.getTime() + rounds * 1_000)
    return probes.summarise({ network, netuid, since, until }, { signal })
  },
})
