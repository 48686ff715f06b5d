/** The tables of the earlier platform, in the order in which they refer to each other. */
export const dumpTables = [
  'agents',
  'agent_versions',
  'evaluations',
  'evaluation_runs',
  'weights_history',
] as const
/** One of {@link dumpTables}; also the name of its file. */
export type DumpTable = (typeof dumpTables)[number]

/** The columns of each table, all of which a dump must have. The values of a {@link DumpRow} stand in this order. */
export const dumpColumns: Readonly<Record<DumpTable, readonly string[]>> = {
  agents: ['agent_id', 'miner_hotkey', 'name', 'latest_version', 'created_at', 'last_updated'],
  agent_versions: ['version_id', 'agent_id', 'version_num', 'created_at', 'score'],
  evaluations: [
    'evaluation_id',
    'version_id',
    'validator_hotkey',
    'status',
    'terminated_reason',
    'created_at',
    'started_at',
    'finished_at',
    'score',
  ],
  evaluation_runs: [
    'run_id',
    'evaluation_id',
    'swebench_instance_id',
    'status',
    'response',
    'error',
    'pass_to_fail_success',
    'fail_to_pass_success',
    'pass_to_pass_success',
    'fail_to_fail_success',
    'solved',
    'started_at',
    'sandbox_created_at',
    'patch_generated_at',
    'eval_started_at',
    'result_scored_at',
  ],
  weights_history: ['id', 'timestamp', 'time_since_last_update', 'miner_weights'],
}
