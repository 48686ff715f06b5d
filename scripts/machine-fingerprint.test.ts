import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { machineFingerprint } from './machine-fingerprint.mjs'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'subnetkit-machine-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('is stable while nothing changes, whatever else the environment holds', () => {
  const first = machineFingerprint({ PATH: folder, EDITOR: 'vi' })
  expect(machineFingerprint({ PATH: folder, EDITOR: 'ed' })).toBe(first)
})

it.each(['java', 'chromium', 'redis-server'])('moves when %s appears', (program) => {
  const before = machineFingerprint({ PATH: folder })
  const file = join(folder, program)
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, 0o755)
  expect(machineFingerprint({ PATH: folder })).not.toBe(before)
})

it('moves when sample data appears or changes', () => {
  const data = join(folder, 'data')
  mkdirSync(data)
  const env = { PATH: folder, SUBNETKIT_SAMPLE_DATA: data }
  const empty = machineFingerprint(env)
  writeFileSync(join(data, 'transfers.csv'), '1')
  const filled = machineFingerprint(env)
  writeFileSync(join(data, 'transfers.csv'), '1,2')
  expect(new Set([empty, filled, machineFingerprint(env), machineFingerprint({ PATH: folder })]).size).toBe(4)
})
