// Plain JavaScript: this file is the engine's own process, run by Node 20 from source as from an installed package.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { runLocalService } from '@subnetkit/core/local-service/run'

const USERNAME = 'subnetkit'
const POLL_MS = 5
const MEBIBYTE = 1024 * 1024

/** @type {{ chdb: string, ffi: string, port: number, memoryRatio: number }} */
const settings = JSON.parse(process.argv[2] ?? '')

await runLocalService({ start: ({ folder }) => startServer(folder) })

/** @param {string} folder */
async function startServer(folder) {
  // The engine takes the process's zone as its own; dates must not depend on where it runs.
  process.env['TZ'] = 'UTC'
  const password = randomBytes(24).toString('hex')
  const paths = {
    data: join(folder, 'data'),
    backups: join(folder, 'backups'),
    config: join(folder, 'config.xml'),
    users: join(folder, 'users.xml'),
    port: join(folder, 'port.tsv'),
  }
  for (const made of [paths.data, paths.backups]) mkdirSync(made, { recursive: true, mode: 0o700 })
  rmSync(paths.port, { force: true })
  writeFileSync(paths.users, usersXml(password), { mode: 0o600 })
  writeFileSync(paths.config, configXml(paths), { mode: 0o600 })

  await checkPort(settings.port)
  const ended = runEngine([
    `--path=${paths.data}`,
    `--config-file=${paths.config}`,
    '--listen_host=127.0.0.1',
    `--http_port=${settings.port}`,
    '--query',
    [
      'SYSTEM START LISTEN HTTP',
      `SELECT getServerPort('http_port') INTO OUTFILE ${sqlText(paths.port)} TRUNCATE FORMAT TSV`,
      'SELECT sleepEachRow(1) FROM system.numbers SETTINGS max_block_size = 1 FORMAT Null',
    ].join('; '),
  ])
  ended.then(
    (reason) => giveUp(reason),
    (error) => giveUp(error),
  )

  const port = await waitForPort(paths.port)
  const version = await ask(`http://127.0.0.1:${port}/?query=SELECT%20version()`, password)
  return {
    info: { port, username: USERNAME, password, version: version.trim() },
    // The storage survives this at any moment, and nothing gentler ends the library's endless query as fast.
    stop: () => void process.kill(process.pid, 'SIGKILL'),
  }
}

/**
 * The engine dies of a port in use, after seconds; this says it at once. Two starters that pass here still end well.
 * @param {number} port
 */
async function checkPort(port) {
  if (port === 0) return
  const probe = createServer().listen(port, '127.0.0.1')
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

/**
 * `clickhouse local`, as the library carries it, on a thread of its own; settles only when it ends.
 * @param {readonly string[]} flags
 * @returns {Promise<unknown>}
 */
async function runEngine(flags) {
  const require = createRequire(import.meta.url)
  const { libchdbPath } = require(settings.chdb)
  const { DataType, load, open } = require(settings.ffi)
  open({ library: 'chdb', path: libchdbPath() })
  const argv = ['chdb', ...flags]
  const result = await load({
    library: 'chdb',
    funcName: 'chdb_query_cmdline',
    retType: DataType.External,
    paramsType: [DataType.I32, DataType.StringArray],
    paramsValue: [argv.length, argv],
    runInNewThread: true,
  })
  return load({
    library: 'chdb',
    funcName: 'chdb_result_error',
    retType: DataType.String,
    paramsType: [DataType.External],
    paramsValue: [result],
  })
}

/**
 * Standard error is the log, which the starter quotes.
 * @param {unknown} reason
 */
function giveUp(reason) {
  process.stderr.write(`the engine ended: ${reason instanceof Error ? reason.stack : String(reason)}\n`)
  process.exit(1)
}

/** @param {string} path */
async function waitForPort(path) {
  for (;;) {
    const text = readIfThere(path)
    if (text.endsWith('\n')) return Number(text)
    await sleep(POLL_MS)
  }
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/**
 * @param {string} url
 * @param {string} password
 */
async function ask(url, password) {
  const response = await fetch(url, {
    headers: { 'X-ClickHouse-User': USERNAME, 'X-ClickHouse-Key': password },
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the engine refuses its own user: ${text}`)
  return text
}

/**
 * The library's own session logs in as `default` without a password and cannot be told otherwise, so `default` may do
 * nothing but what that session does; the data belongs to a user with a password that is new with each start.
 * @param {string} password
 */
function usersXml(password) {
  return `<clickhouse>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT SELECT ON system.numbers</query>
      </grants>
    </default>
    <${USERNAME}>
      <password>${password}</password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </${USERNAME}>
  </users>
</clickhouse>
`
}

/**
 * No system log tables, and caches for a laptop: the defaults are sized for a machine that does nothing else.
 * @param {{ users: string, backups: string }} paths
 */
function configXml({ users, backups }) {
  const caches = {
    mark_cache_size: 256,
    index_mark_cache_size: 64,
    primary_index_cache_size: 256,
    vector_similarity_index_cache_size: 64,
    text_index_tokens_cache_size: 32,
    text_index_header_cache_size: 32,
    text_index_postings_cache_size: 64,
    parquet_metadata_cache_size: 32,
    iceberg_metadata_files_cache_size: 16,
    paimon_metadata_files_cache_size: 16,
  }
  const lines = Object.entries(caches).map(([name, size]) => `  <${name}>${size * MEBIBYTE}</${name}>`)
  return `<clickhouse>
  <users_config>${xmlText(users)}</users_config>
  <backups><allowed_path>${xmlText(`${backups}/`)}</allowed_path></backups>
  <max_server_memory_usage_to_ram_ratio>${settings.memoryRatio}</max_server_memory_usage_to_ram_ratio>
${lines.join('\n')}
</clickhouse>
`
}

/** @param {string} text */
function xmlText(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** @param {string} text */
function sqlText(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
