/** How much of an agent registry is made. */
export interface AgentsSize {
  readonly agents: number
  /** Runs of each evaluation that was begun. */
  readonly runs: number
}

/** One statement of {@link agentsFixture}. */
export interface FixtureStep {
  readonly table: string
  readonly sql: string
}

const FIRST_AT = "toDateTime64('2090-01-01 00:00:00', 3, 'UTC')"
const YEAR_MS = 365 * 86_400_000
const MAX_VERSIONS = 5
const MAX_VALIDATORS = 4
const VALIDATORS = 20
/** What came in the last two and a half days of the year waits or runs. */
const QUEUE_FROM = `${FIRST_AT} + toIntervalMillisecond(${YEAR_MS - 2.5 * 86_400_000})`

/** When everything here has happened: a year after the first agent. */
export const fixtureNow = new Date(Date.UTC(2091, 0, 1))

/** Between 0 and `below`, the same for the same number on every machine. */
const pick = (what: string, number: string, below: number): string =>
  `toInt64(sipHash64('${what}', ${number}) % ${below})`

/** A UUID in small letters: its order has nothing to do with that of the numbers. */
const uuid = (what: string, number: string): string => `UUIDNumToString(sipHash128('${what}', ${number}))`

const hotkey = (what: string, number: string): string =>
  `concat('5', substring(hex(SHA256(concat('${what}', toString(${number})))), 1, 47))`

const bornMs = pick('born', 'agent', YEAR_MS)
const spanMs = `intDiv(${YEAR_MS} - ${bornMs}, ${MAX_VERSIONS})`
const versionCount = `(1 + ${pick('versions', 'agent', MAX_VERSIONS)})`

const agents = (count: number): string =>
  `SELECT number AS agent, toDateTime64(${FIRST_AT} + toIntervalMillisecond(${bornMs}), 3, 'UTC') AS born FROM numbers(${count})`

const versions = (
  count: number,
): string => `SELECT agent, arrayJoin(range(toUInt64(${versionCount}))) AS version_num,
  toUInt64(agent * ${MAX_VERSIONS} + version_num) AS version, ${uuid('agent', 'toUInt64(agent)')} AS agent_id, ${uuid('version', 'version')} AS version_id,
  toDateTime64(born + toIntervalMillisecond(${spanMs} * version_num + ${pick('pause', 'version', 1_000_000)} * ${spanMs} / 1000000), 3, 'UTC') AS uploaded,
  uploaded < ${QUEUE_FROM} AND ${pick('unscored', 'version', 20)} > 0 AS is_scored
FROM (${agents(count)})`

/** How good a version is, in problems of 50, and what one validator makes of it: up to three problems more or less. */
const quality = "(5 + toInt64(sqrt(sipHash64('quality', version) % 1600)))"
const verdict = (validator: string): string =>
  `(${quality} + ${pick('luck', `version * ${MAX_VALIDATORS} + ${validator}`, 7)} - 3) / 50`
/** The mean of the first verdicts: each validator that ends rewrites it. */
const meanVerdict = (count: number): string =>
  `(${Array.from({ length: count }, (_unused, index) => verdict(String(index))).join(' + ')}) / ${count}`

const evaluations = (
  count: number,
): string => `SELECT arrayJoin(range(toUInt64(3 + (${pick('validators', 'version', 3)} = 0)))) AS place, toUInt64(version * ${MAX_VALIDATORS} + place) AS evaluation,
  version, version_id, ${uuid('evaluation', 'evaluation')} AS evaluation_id,
  ${hotkey('validator', `(${pick('first', 'version', VALIDATORS)} + place * 7) % ${VALIDATORS}`)} AS validator_hotkey,
  toDateTime64(uploaded + toIntervalMillisecond(5000 + place), 3, 'UTC') AS created_at,
  ${pick('luck', 'evaluation', 7)} AS luck, ${pick('fate', 'evaluation', 10_000)} AS fate,
  multiIf(
    created_at >= ${QUEUE_FROM}, if(fate < 300, 'running', 'waiting'),
    fate < 2, 'waiting', fate < 400, 'error', fate < 600, 'timedout', fate < 700, 'disconnected', fate < 900, 'replaced', fate < 1000, 'cancelled',
    'completed') AS status,
  toUInt8(multiIf(status IN ('timedout', 'disconnected'), 3, fate < 2, 2, 1)) AS attempt,
  status NOT IN ('waiting', 'replaced', 'cancelled') AS is_begun
FROM (${versions(count)})`

const put = (table: string, columns: string, select: string): FixtureStep => ({
  table,
  sql: `INSERT INTO ${table} (${columns}, _version) ${select}`,
})

/**
 * A registry of about 3 versions an agent, 3.3 evaluations a version by 20 validators and `runs` runs an evaluation, over
 * one year, made inside the server: the same rows for the same size. It is put as it came to be: versions first unscored,
 * their scores as each validator ended, evaluations first waiting. Between 1 and 2 % wait, most of them the newest.
 */
export function agentsFixture({ agents: count, runs }: AgentsSize): readonly FixtureStep[] {
  const version = 'version_id, agent_id, version_num, created_at, score'
  const shown = 'version_id, agent_id, version_num, uploaded'
  const evaluation =
    'evaluation_id, version_id, validator_hotkey, status, attempt, terminated_reason, created_at, started_at, finished_at, score'
  const own = 'evaluation_id, version_id, validator_hotkey'
  return [
    put(
      'agents',
      'agent_id, miner_hotkey, name, latest_version, created_at, last_updated',
      `SELECT ${uuid('agent', 'toUInt64(agent)')}, ${hotkey('miner', 'agent')}, concat('agent-', toString(agent)), ${versionCount} - 1, born, born, 1 FROM (${agents(count)})`,
    ),
    put('agent_versions', version, `SELECT ${shown}, NULL, 1 FROM (${versions(count)})`),
    ...[1, 2, 3].map((ended) =>
      put(
        'agent_versions',
        version,
        `SELECT ${shown}, ${meanVerdict(ended)}, ${1 + ended} FROM (${versions(count)}) WHERE is_scored`,
      ),
    ),
    put(
      'evaluations',
      evaluation,
      `SELECT ${own}, 'waiting', attempt, NULL, created_at, NULL, NULL, NULL, 1 FROM (${evaluations(count)})`,
    ),
    put(
      'evaluations',
      evaluation,
      `SELECT ${own}, status, attempt, if(status IN ('waiting', 'running', 'completed'), NULL, 'as the fixture has it'), created_at,
  if(is_begun, created_at + toIntervalMinute(5), NULL), if(status IN ('waiting', 'running'), NULL, created_at + toIntervalMinute(35)),
  if(status = 'completed', (${quality} + luck - 3) / 50, NULL), 2
FROM (${evaluations(count)}) WHERE status != 'waiting'`,
    ),
    put(
      'evaluation_runs',
      'run_id, evaluation_id, attempt, swebench_instance_id, status, response, solved, started_at, sandbox_created_at, patch_generated_at, eval_started_at, result_scored_at',
      `SELECT ${uuid('run', `toUInt64(evaluation * ${runs} + problem)`)}, evaluation_id, attempt, concat('django__django-', toString(11000 + problem)),
  if(is_scored, 'result_scored', 'patch_generated'), concat('diff --git a/f b/f ', toString(evaluation)), if(is_scored, solves, NULL), started, started, started + toIntervalMinute(10),
  if(is_scored, started + toIntervalMinute(11), NULL), if(is_scored, started + toIntervalMinute(20), NULL), 1
FROM (
  SELECT evaluation, evaluation_id, attempt, status != 'running' AS is_scored, arrayJoin(range(toUInt64(${runs}))) AS problem,
    toBool(${pick('solved', `evaluation * ${runs} + problem`, 2)}) AS solves, created_at + toIntervalMinute(5) AS started
  FROM (${evaluations(count)}) WHERE is_begun
)`,
    ),
    put(
      'weights_history',
      'id, timestamp, time_since_last_update_seconds, miner_weights',
      `SELECT ${uuid('snapshot', 'number')}, ${FIRST_AT} + toIntervalHour(number), if(number = 0, NULL, 3600),
  arraySort(arrayMap(miner -> (${hotkey('miner', 'miner')}, toFloat64(1 + (miner * 7 + number) % 20) / 210), range(20))), 1 FROM numbers(365 * 24)`,
    ),
  ]
}
