import { delimiter, join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { childEnvironment, root } from './turbo-run.mjs'

describe('childEnvironment', () => {
  it('drops what npm adds, and keeps where packages come from', () => {
    const env = childEnvironment({
      HOME: '/home/ada',
      npm_lifecycle_event: 'test',
      npm_config_cache: '/home/ada/.npm',
      npm_config_registry: 'https://npm.example/',
      NPM_CONFIG_USERCONFIG: '/home/ada/.npmrc',
    })
    expect(Object.keys(env).filter((name) => name.toLowerCase().startsWith('npm'))).toEqual([
      'npm_config_registry',
    ])
    expect(env['HOME']).toBe('/home/ada')
  })

  it('switches telemetry off, also against the caller', () => {
    expect(childEnvironment({ TURBO_TELEMETRY_DISABLED: '0' })['TURBO_TELEMETRY_DISABLED']).toBe('1')
  })

  it('puts the installed bins first on PATH, once', () => {
    const bins = join(root, 'node_modules/.bin')
    const path = childEnvironment({ PATH: ['/bin', bins].join(delimiter) })['PATH']
    expect(path?.split(delimiter)).toEqual([bins, '/bin'])
  })
})
