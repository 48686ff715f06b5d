import { expect, it } from 'vitest'

import { resolveDataFolder } from './data-folder.ts'

const cwd = '/home/miner'

it('prefers the flag, then SUBNETKIT_DATA, then ./.subnetkit', () => {
  const env = { SUBNETKIT_DATA: '/var/lib/subnetkit' }
  expect(resolveDataFolder({ flag: 'here', env, cwd })).toBe('/home/miner/here')
  expect(resolveDataFolder({ env, cwd })).toBe('/var/lib/subnetkit')
  expect(resolveDataFolder({ env: {}, cwd })).toBe('/home/miner/.subnetkit')
  expect(resolveDataFolder({ cwd })).toBe('/home/miner/.subnetkit')
})

it('reads an empty variable as not set', () => {
  expect(resolveDataFolder({ env: { SUBNETKIT_DATA: '' }, cwd })).toBe('/home/miner/.subnetkit')
})

it('keeps spaces and other letters', () => {
  expect(resolveDataFolder({ flag: '/data/my miner ü', cwd })).toBe('/data/my miner ü')
})

it('refuses what is no path, and says where it came from', () => {
  expect(() => resolveDataFolder({ flag: '', cwd })).toThrow('--data-dir: "" is not a folder')
  expect(() => resolveDataFolder({ flag: 'a\0b', cwd })).toThrow('--data-dir')
  expect(() => resolveDataFolder({ env: { SUBNETKIT_DATA: ' ' }, cwd })).toThrow('SUBNETKIT_DATA')
})
