import { InputError, networkSchema } from '@subnetkit/core'

/** Where the analytical store is, read once from the environment and passed on as a value. */
export interface ConnectionParams {
  /** `embedded` when neither a URL nor a host is set. */
  readonly mode: 'embedded' | 'remote'
  /** Without credentials; null when embedded. */
  readonly url: string | null
  readonly user: string
  readonly password: string
  readonly database: string
  /** Name for `ON CLUSTER`, or null on a single server. */
  readonly cluster: string | null
  readonly maxExecutionSeconds: number
  readonly maxQueryBytes: number
}

/** What decides the database's name beside the environment. */
export interface ReadConnectionParamsOptions {
  /** Reads `<NETWORK>_CLICKHOUSE_*` before `CLICKHOUSE_*`, and names the database. */
  readonly network?: string
  /** First part of the database name: `miner` gives `miner_torus`. Needs a network. */
  readonly prefix?: string
  /** The database, said by the caller: wins over everything else. */
  readonly database?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** A variable that was found: its full name, for messages, and its text. */
interface Found {
  readonly name: string
  readonly text: string
}

/**
 * Reads `CLICKHOUSE_URL` or `CLICKHOUSE_HOST` and `_PORT`, `_USER`, `_PASSWORD`, `_DATABASE`, `_CLUSTER`,
 * `_MAX_EXECUTION_TIME` (seconds) and `_MAX_QUERY_SIZE` (bytes); `<NETWORK>_CLICKHOUSE_*` goes before each of them.
 *
 * The database is `{prefix}_{network}`. `<NETWORK>_CLICKHOUSE_DATABASE` replaces that name for its network. A global
 * `CLICKHOUSE_DATABASE` together with a network must contain `{network}`, because otherwise all networks would share
 * one database. Credentials in a URL are taken out of it, so that the URL can be logged.
 *
 * @throws InputError naming the variable, for a value that is no such thing, for settings that contradict each other,
 *   and for a server without a password variable (an empty one must be set on purpose).
 */
export function readConnectionParams(
  env: Environment,
  options: ReadConnectionParamsOptions = {},
): ConnectionParams {
  const { network } = options
  if (network !== undefined && !networkSchema.safeParse(network).success) {
    throw new InputError({
      field: 'network',
      value: network,
      problem: 'is not a network name',
      hint: 'use a lower-case letter, then letters, digits or _, at most 32',
    })
  }
  const prefixes =
    network === undefined ? ['CLICKHOUSE_'] : [`${network.toUpperCase()}_CLICKHOUSE_`, 'CLICKHOUSE_']
  const find = (suffix: string): Found | null => findVariable(env, prefixes, suffix)
  const server = readServer(env, prefixes)
  return {
    mode: server === null ? 'embedded' : 'remote',
    url: server?.url ?? null,
    user: server?.user ?? find('USER')?.text ?? 'default',
    password: server === null ? '' : (server.password ?? readPassword(env, prefixes)),
    database: readDatabase(env, options),
    cluster: readCluster(find('CLUSTER'), server !== null),
    maxExecutionSeconds: readInteger(find('MAX_EXECUTION_TIME'), 1_800, 1, 604_800, 'seconds'),
    maxQueryBytes: readInteger(find('MAX_QUERY_SIZE'), 5_000_000, 1_024, 1_073_741_824, 'bytes'),
  }
}

/** The first variable that is set to something; an empty text counts as unset, as compose files write it. */
function findVariable(env: Environment, prefixes: readonly string[], suffix: string): Found | null {
  for (const prefix of prefixes) {
    const text = env[`${prefix}${suffix}`]
    if (text !== undefined && text !== '') return { name: `${prefix}${suffix}`, text }
  }
  return null
}

interface Server {
  readonly url: string
  readonly user: string | null
  readonly password: string | null
}

/** The level (network, then global) that names a URL or a host decides; a port alone may refine a global host. */
function readServer(env: Environment, prefixes: readonly string[]): Server | null {
  for (const prefix of prefixes) {
    const url = findVariable(env, [prefix], 'URL')
    const host = findVariable(env, [prefix], 'HOST')
    const port = findVariable(env, prefixes, 'PORT')
    if (url !== null && host !== null) throw contradiction(url.name, host.name, 'set only one of them')
    if (url !== null) {
      const levels = prefixes.slice(0, prefixes.indexOf(prefix) + 1)
      const stray = findVariable(env, levels, 'PORT')
      if (stray !== null) throw contradiction(stray.name, url.name, 'put the port into the URL')
      return readUrl(url, env, levels)
    }
    if (host !== null) return { url: hostUrl(host, port), user: null, password: null }
  }
  for (const suffix of ['PORT', 'USER', 'PASSWORD', 'CLUSTER']) {
    const stray = findVariable(env, prefixes, suffix)
    if (stray === null) continue
    throw new InputError({
      field: stray.name,
      problem: 'is set, but neither a URL nor a host is',
      hint: `set ${prefixes.at(-1)}HOST (for example localhost), or unset it to use the embedded engine`,
    })
  }
  return null
}

function hostUrl(host: Found, port: Found | null): string {
  const isName = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})$/.test(host.text)
  const isIpv6 = /^[0-9A-Fa-f:]{2,45}$/.test(host.text) && host.text.includes(':')
  if (!isName && !isIpv6) {
    throw new InputError({
      field: host.name,
      value: host.text,
      problem: 'is not a host name or address',
      hint: 'give only the host; for https or a path use the URL variable',
    })
  }
  return `http://${isIpv6 ? `[${host.text}]` : host.text}:${readInteger(port, 8_123, 1, 65_535, 'a port')}`
}

function readUrl(found: Found, env: Environment, levels: readonly string[]): Server {
  const url = URL.canParse(found.text) ? new URL(found.text) : null
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (url === null || !isPlain) {
    // The value is not shown: it may carry a password.
    throw new InputError({
      field: found.name,
      problem: 'is not a plain http(s) URL',
      hint: 'give http://host:8123 or https://host:8443, without query or fragment',
    })
  }
  const credentials = { user: decode(found, url.username), password: decode(found, url.password) }
  const user = findVariable(env, levels, 'USER')
  if (credentials.user !== null && user !== null)
    throw contradiction(user.name, found.name, 'give the user once')
  const password = levels.find((prefix) => env[`${prefix}PASSWORD`] !== undefined)
  if (credentials.password !== null && password !== undefined) {
    throw contradiction(`${password}PASSWORD`, found.name, 'give the password once')
  }
  url.username = ''
  url.password = ''
  return { url: url.toString().replace(/\/$/, ''), ...credentials }
}

function decode(found: Found, text: string): string | null {
  if (text === '') return null
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new InputError({
      field: found.name,
      problem: 'has credentials that are not percent-encoded',
      hint: 'write % as %25, or use the USER and PASSWORD variables',
      cause,
    })
  }
}

function readPassword(env: Environment, prefixes: readonly string[]): string {
  for (const prefix of prefixes) {
    const text = env[`${prefix}PASSWORD`]
    if (text !== undefined) return text
  }
  const name = `${prefixes.at(-1)}PASSWORD`
  throw new InputError({
    field: name,
    problem: 'is not set, and a server has no default password',
    hint: `set it, or set it to nothing on purpose (${name}=)`,
  })
}

function readDatabase(env: Environment, { network, prefix, database }: ReadConnectionParamsOptions): string {
  if (database !== undefined) return checkDatabase('database', database)
  if (network === undefined) {
    if (prefix !== undefined) {
      throw new InputError({
        field: 'network',
        problem: 'is missing',
        hint: `say which: the database is ${prefix}_<network>`,
      })
    }
    const found = findVariable(env, ['CLICKHOUSE_'], 'DATABASE')
    return found === null ? 'default' : checkDatabase(found.name, found.text)
  }
  const own = findVariable(env, [`${network.toUpperCase()}_CLICKHOUSE_`], 'DATABASE')
  if (own !== null) return checkDatabase(own.name, own.text)
  const found = findVariable(env, ['CLICKHOUSE_'], 'DATABASE')
  if (found === null) return checkDatabase('prefix', prefix === undefined ? network : `${prefix}_${network}`)
  if (!found.text.includes('{network}')) {
    throw new InputError({
      field: found.name,
      value: found.text,
      problem: 'would put all networks into one database',
      hint: `write {network} into it (${found.text}_{network}), or set ${network.toUpperCase()}_CLICKHOUSE_DATABASE`,
    })
  }
  return checkDatabase(found.name, found.text.replaceAll('{network}', network))
}

function checkDatabase(field: string, name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) return name
  throw new InputError({
    field,
    value: name,
    problem: 'is not a database name',
    hint: 'use letters, digits and _, not starting with a digit',
  })
}

function readCluster(found: Found | null, isRemote: boolean): string | null {
  if (found === null || !isRemote) return null
  if (/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(found.text)) return found.text
  throw new InputError({
    field: found.name,
    value: found.text,
    problem: 'is not a cluster name',
    hint: 'give the name that system.clusters lists: letters, digits and _',
  })
}

function readInteger(
  found: Found | null,
  fallback: number,
  minimum: number,
  maximum: number,
  unit: string,
): number {
  if (found === null) return fallback
  const number = /^\d{1,15}$/.test(found.text) ? Number(found.text) : Number.NaN
  if (number >= minimum && number <= maximum) return number
  throw new InputError({
    field: found.name,
    value: found.text,
    problem: `is not a whole number between ${minimum} and ${maximum} (${unit})`,
    hint: `for example ${fallback}`,
  })
}

function contradiction(first: string, second: string, hint: string): InputError {
  return new InputError({ field: first, problem: `is set together with ${second}`, hint })
}
