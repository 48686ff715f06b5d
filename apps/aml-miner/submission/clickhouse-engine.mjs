// The engine's own process: a ClickHouse for one run on loopback, with its data in the folder that it is given. It says its
// port on standard output, and ends when its standard input does.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const [folder = '/tmp/clickhouse'] = process.argv.slice(2)
const MEMORY_BYTES = 1_200_000_000
const load = createRequire(import.meta.url)

const usersPath = join(folder, 'users.xml')
const configPath = join(folder, 'config.xml')
const portPath = join(folder, 'port.tsv')

writeFileSync(
  usersPath,
  `<clickhouse>
  <profiles><default><max_threads>2</max_threads></default></profiles>
  <quotas><default/></quotas>
  <users><default><password></password><networks><ip>127.0.0.1</ip></networks></default></users>
</clickhouse>
`,
)
// Two processors and 2 GB for everything: caches and pools are made for that, not for a server.
writeFileSync(
  configPath,
  `<clickhouse>
  <users_config>${usersPath}</users_config>
  <max_server_memory_usage>${MEMORY_BYTES}</max_server_memory_usage>
  <max_thread_pool_size>96</max_thread_pool_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
  <max_io_thread_pool_size>8</max_io_thread_pool_size>
  <mark_cache_size>67108864</mark_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
</clickhouse>
`,
)

process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'))
process.stdin.resume()

const ended = runEngine([
  'chdb',
  `--path=${join(folder, 'data')}`,
  `--config-file=${configPath}`,
  '--listen_host=127.0.0.1',
  '--http_port=0',
  '--query',
  [
    'SYSTEM START LISTEN HTTP',
    `SELECT getServerPort('http_port') INTO OUTFILE '${portPath}' TRUNCATE FORMAT TSV`,
    'SELECT sleepEachRow(1) FROM system.numbers SETTINGS max_block_size = 1 FORMAT Null',
  ].join('; '),
])
ended.then(giveUp, giveUp)
process.stdout.write(`${await waitForPort()}\n`)

/** The library's own command line, on a thread of its own; settles only when the engine ends. */
async function runEngine(argv) {
  const { libchdbPath } = load('chdb/libchdb')
  const ffi = load('ffi-rs')
  ffi.open({ library: 'chdb', path: libchdbPath() })
  const result = await ffi.load({
    library: 'chdb',
    funcName: 'chdb_query_cmdline',
    retType: ffi.DataType.External,
    paramsType: [ffi.DataType.I32, ffi.DataType.StringArray],
    paramsValue: [argv.length, argv],
    runInNewThread: true,
  })
  return ffi.load({
    library: 'chdb',
    funcName: 'chdb_result_error',
    retType: ffi.DataType.String,
    paramsType: [ffi.DataType.External],
    paramsValue: [result],
  })
}

function giveUp(reason) {
  process.stderr.write(`the engine ended: ${reason instanceof Error ? reason.stack : String(reason)}\n`)
  process.exit(1)
}

async function waitForPort() {
  for (;;) {
    try {
      const text = readFileSync(portPath, 'utf8')
      if (text.endsWith('\n')) return Number(text)
    } catch {
      // Not written yet.
    }
    await sleep(5)
  }
}
