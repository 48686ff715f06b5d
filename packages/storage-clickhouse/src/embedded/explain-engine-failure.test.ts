import { expect, it } from 'vitest'

import { explainEngineFailure } from './explain-engine-failure.ts'

const explain = (log: string): ReturnType<typeof explainEngineFailure> =>
  explainEngineFailure(
    { exitCode: null, signalName: 'SIGSEGV', log },
    { folder: '/data/clickhouse', port: 8123 },
  )

it.each([
  [
    'Code: 76. DB::Exception: Cannot lock file /data/status. Another server instance …',
    'locked',
    /^\/data\/clickhouse: another ClickHouse/,
  ],
  ['Net Exception: Address already in use: 127.0.0.1:8123', 'locked', /port 8123 is in use/],
  [
    "Error: Cannot find module '@yuuang/ffi-rs-linux-x64-gnu'",
    'unavailable',
    /npm install chdb ffi-rs, or set CLICKHOUSE_URL.*ffi-rs-linux-x64-gnu/,
  ],
  ['chdb: could not locate libchdb for linux-riscv64.', 'unavailable', /does not load on/],
  ['Cannot reserve 1.00 MiB: NOT_ENOUGH_SPACE', 'resource_exhausted', /disk is full/],
])('explains %s', (log, code, message) => {
  expect(explain(log)).toMatchObject({ code, retryable: false, message: expect.stringMatching(message) })
})

it('says nothing about what it does not know', () => {
  expect(explain('')).toBeUndefined()
  expect(explain('Code: 999. Something new')).toBeUndefined()
})
