import { isInputError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { readConnectionParams, type ReadConnectionParamsOptions } from './connection-params.ts'

type Env = Readonly<Record<string, string>>
const server = { CLICKHOUSE_HOST: 'db.example', CLICKHOUSE_PASSWORD: '' }

describe('readConnectionParams', () => {
  it('is embedded without a server, with its documented defaults', () => {
    expect(readConnectionParams({}, { network: 'torus', prefix: 'miner' })).toEqual({
      mode: 'embedded',
      url: null,
      user: 'default',
      password: '',
      database: 'miner_torus',
      cluster: null,
      maxExecutionSeconds: 1_800,
      maxQueryBytes: 5_000_000,
    })
  })

  it.each<[string, Env, ReadConnectionParamsOptions, object]>([
    ['a host', server, {}, { mode: 'remote', url: 'http://db.example:8123', user: 'default', password: '' }],
    ['a port', { ...server, CLICKHOUSE_PORT: '9000' }, {}, { url: 'http://db.example:9000' }],
    ['an IPv6 host', { ...server, CLICKHOUSE_HOST: '::1' }, {}, { url: 'http://[::1]:8123' }],
    [
      'credentials in a URL, taken out of it',
      { CLICKHOUSE_URL: 'https://me:p%40ss@db.example:8443/' },
      {},
      { url: 'https://db.example:8443', user: 'me', password: 'p@ss' },
    ],
    [
      'a network before the rest',
      {
        ...server,
        CLICKHOUSE_USER: 'all',
        TORUS_CLICKHOUSE_HOST: 'torus.example',
        TORUS_CLICKHOUSE_USER: 'torus',
        TORUS_CLICKHOUSE_PASSWORD: 'x',
        TORUS_CLICKHOUSE_MAX_EXECUTION_TIME: '60',
      },
      { network: 'torus' },
      { url: 'http://torus.example:8123', user: 'torus', password: 'x', maxExecutionSeconds: 60 },
    ],
    [
      'a network URL beside a global port',
      { ...server, CLICKHOUSE_PORT: '1', TORUS_CLICKHOUSE_URL: 'http://t:2' },
      { network: 'torus' },
      { url: 'http://t:2' },
    ],
    [
      'limits',
      { CLICKHOUSE_MAX_EXECUTION_TIME: '1', CLICKHOUSE_MAX_QUERY_SIZE: '1024' },
      {},
      { maxExecutionSeconds: 1, maxQueryBytes: 1_024 },
    ],
    ['a cluster', { ...server, CLICKHOUSE_CLUSTER: 'main' }, {}, { cluster: 'main' }],
    ['empty texts as unset', { CLICKHOUSE_HOST: '', CLICKHOUSE_PORT: '' }, {}, { mode: 'embedded' }],
  ])('reads %s', (_name, env, options, expected) => {
    expect(readConnectionParams(env, options)).toMatchObject(expected)
  })

  it.each<[string, Env, ReadConnectionParamsOptions, string]>([
    ['nothing', {}, {}, 'default'],
    ['the variable alone', { CLICKHOUSE_DATABASE: 'mine' }, {}, 'mine'],
    ['a network', {}, { network: 'torus' }, 'torus'],
    [
      'a template',
      { CLICKHOUSE_DATABASE: 'x_{network}_y' },
      { network: 'torus', prefix: 'miner' },
      'x_torus_y',
    ],
    [
      'the network itself',
      { CLICKHOUSE_DATABASE: 'x_{network}', TORUS_CLICKHOUSE_DATABASE: 'own' },
      { network: 'torus' },
      'own',
    ],
    ['the caller', { CLICKHOUSE_DATABASE: 'one' }, { network: 'torus', database: 'said' }, 'said'],
  ])('takes the database from %s', (_name, env, options, database) => {
    expect(readConnectionParams(env, options).database).toBe(database)
  })

  it.each<[string, Env, ReadConnectionParamsOptions, string]>([
    [
      'one database for all networks',
      { CLICKHOUSE_DATABASE: 'one' },
      { network: 'torus' },
      'CLICKHOUSE_DATABASE',
    ],
    ['a server without password', { CLICKHOUSE_HOST: 'h' }, {}, 'CLICKHOUSE_PASSWORD'],
    ['a port that is none', { ...server, CLICKHOUSE_PORT: '65536' }, {}, 'CLICKHOUSE_PORT'],
    ['a port with letters', { ...server, CLICKHOUSE_PORT: '8123x' }, {}, 'CLICKHOUSE_PORT'],
    [
      'a network port that is none',
      { ...server, TORUS_CLICKHOUSE_PORT: '0' },
      { network: 'torus' },
      'TORUS_CLICKHOUSE_PORT',
    ],
    ['a host with a path', { ...server, CLICKHOUSE_HOST: 'http://h' }, {}, 'CLICKHOUSE_HOST'],
    ['a URL of another kind', { CLICKHOUSE_URL: 'tcp://me:secret@h:9000' }, {}, 'CLICKHOUSE_URL'],
    ['a URL with a query', { CLICKHOUSE_URL: 'http://h?password=secret' }, {}, 'CLICKHOUSE_URL'],
    ['URL and host', { ...server, CLICKHOUSE_URL: 'http://h' }, {}, 'CLICKHOUSE_URL'],
    [
      'URL and port',
      { CLICKHOUSE_URL: 'http://h', CLICKHOUSE_PORT: '1', CLICKHOUSE_PASSWORD: '' },
      {},
      'CLICKHOUSE_PORT',
    ],
    ['two users', { CLICKHOUSE_URL: 'http://a:secret@h', CLICKHOUSE_USER: 'b' }, {}, 'CLICKHOUSE_USER'],
    [
      'two passwords',
      { CLICKHOUSE_URL: 'http://a:secret@h', CLICKHOUSE_PASSWORD: 'secret' },
      {},
      'CLICKHOUSE_PASSWORD',
    ],
    ['a port without host', { CLICKHOUSE_PORT: '8123' }, {}, 'CLICKHOUSE_PORT'],
    ['a password without host', { CLICKHOUSE_PASSWORD: 'secret' }, {}, 'CLICKHOUSE_PASSWORD'],
    ['no limit', { CLICKHOUSE_MAX_EXECUTION_TIME: '0' }, {}, 'CLICKHOUSE_MAX_EXECUTION_TIME'],
    ['a limit with a unit', { CLICKHOUSE_MAX_QUERY_SIZE: '5MB' }, {}, 'CLICKHOUSE_MAX_QUERY_SIZE'],
    ['a database name with a quote', { CLICKHOUSE_DATABASE: 'a`b' }, {}, 'CLICKHOUSE_DATABASE'],
    ['a cluster with a quote', { ...server, CLICKHOUSE_CLUSTER: 'a`b' }, {}, 'CLICKHOUSE_CLUSTER'],
    ['a network that is none', {}, { network: 'TORUS; DROP' }, 'network'],
    ['a prefix without network', {}, { prefix: 'miner' }, 'network'],
  ])('refuses %s by the name of the variable, without its secret', (_name, env, options, field) => {
    const caught: unknown[] = []
    try {
      readConnectionParams(env, options)
    } catch (error) {
      caught.push(error)
    }
    const [error] = caught
    expect(isInputError(error) ? error.field : error).toBe(field)
    expect(String(error)).not.toContain('secret')
  })
})
