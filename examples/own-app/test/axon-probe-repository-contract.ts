import { decimalSchema } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import type { AxonProbe } from '../src/axon-probe.ts'
import type { AxonProbeRepository } from '../src/axon-probe-repository.ts'

const since = new Date('2025-08-01T00:00:00.345Z')
const later = new Date('2025-08-01T00:00:01.000Z')
const until = new Date('2025-08-02T00:00:00.000Z')
const subnet = { network: 'finney', netuid: 8 }

function probe(uid: number, probedAt: Date, latencyMs: number | null): AxonProbe {
  const stake = decimalSchema.parse('12345678901234567890123456789.123456789')
  return { ...subnet, uid, hotkey: '5Hotkey', probedAt, latencyMs, stake }
}

/** What must hold for every implementation. Each test asks for an empty repository. */
export function axonProbeRepositoryContract(create: () => Promise<AxonProbeRepository>): void {
  describe('AxonProbeRepository', () => {
    it('gives back exactly what was put: milliseconds, null and a 38-digit stake', async () => {
      const probes = await create()
      const silent = probe(1, since, null)
      await probes.put({ probes: [silent] })
      expect(await probes.findNewest({ ...subnet, uid: 1 })).toEqual(silent)
    })

    it('finds nothing where nothing is', async () => {
      const probes = await create()
      expect(await probes.findNewest({ ...subnet, uid: 1 })).toBeNull()
      expect(await probes.summarise({ ...subnet, since, until })).toEqual([])
    })

    it('replaces a probe that is sent again, and keeps other subnets apart', async () => {
      const probes = await create()
      await probes.put({ probes: [probe(1, since, null), probe(1, later, 20)] })
      await probes.put({ probes: [probe(1, since, 10), { ...probe(1, since, 99), netuid: 9 }] })
      expect(await probes.summarise({ ...subnet, since, until })).toEqual([
        { uid: 1, probes: 2, answered: 2, medianLatencyMs: 20 },
      ])
    })

    it('counts from `since` up to but not including `until`', async () => {
      const probes = await create()
      await probes.put({ probes: [probe(1, since, 10), probe(1, later, 20)] })
      const [uptime] = await probes.summarise({ ...subnet, since, until: later })
      expect(uptime?.probes).toBe(1)
    })

    it('refuses a probe that breaks the schema, and names the field', async () => {
      const probes = await create()
      const broken = { ...probe(1, since, 10), netuid: 70_000 }
      await expect(probes.put({ probes: [broken] })).rejects.toMatchObject({
        name: 'StorageError',
        code: 'invalid_input',
        message: expect.stringContaining('netuid'),
      })
    })

    it('passes an abort on as it is', async () => {
      const probes = await create()
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      await expect(probes.put({ probes: [probe(1, since, 10)] }, { signal })).rejects.toBe(reason)
    })
  })
}
