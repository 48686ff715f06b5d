import type { Clock, Logger, Repositories } from '@subnetkit/core'

/** The configuration key for how long an evaluation may run: minutes, as a number. */
export const EVALUATION_TIMEOUT_KEY = 'agents.evaluation_timeout_minutes'

const DEFAULT_TIMEOUT_MINUTES = 150
const LONGEST_TIMEOUT_MINUTES = 10_080
const MINUTE_MS = 60_000
const SWEEP_EVERY_MS = 300_000

/** What sweeping works with. */
export interface SweepEvaluationsDeps {
  readonly evaluations: Pick<Repositories['evaluations'], 'sweep'>
  readonly systemConfig: Pick<Repositories['systemConfig'], 'find'>
  readonly evaluators: () => Promise<ReadonlySet<string>>
  readonly clock: Clock
  readonly log: Logger
}

/** Cuts off what every evaluator has run for too long, once; gives how many evaluations that were. */
export async function sweepEvaluations(deps: SweepEvaluationsDeps, signal: AbortSignal): Promise<number> {
  const { clock, evaluations, evaluators, log } = deps
  const timeoutMinutes = await readTimeout(deps, signal)
  let swept = 0
  for (const validatorHotkey of await evaluators()) {
    const now = clock.now()
    const startedBefore = new Date(now.getTime() - timeoutMinutes * MINUTE_MS)
    const { interrupted, reopened } = await evaluations.sweep(
      { validatorHotkey, startedBefore, now },
      { signal },
    )
    swept += interrupted
    if (interrupted + reopened > 0) {
      log.warn({ validatorHotkey, interrupted, reopened, timeoutMinutes }, 'evaluations ran too long')
    }
  }
  return swept
}

/** Sweeps every five minutes until the signal. A sweep that fails is tried again with the next one. */
export async function keepSweepingEvaluations(
  deps: SweepEvaluationsDeps,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await sweepEvaluations(deps, signal)
    } catch (error) {
      if (signal.aborted) return
      deps.log.warn({ err: error }, 'evaluations could not be swept; trying again later')
    }
    await deps.clock.sleep(SWEEP_EVERY_MS, signal).catch(() => undefined)
  }
}

async function readTimeout(
  { systemConfig, log }: Pick<SweepEvaluationsDeps, 'systemConfig' | 'log'>,
  signal: AbortSignal,
): Promise<number> {
  const found = await systemConfig.find({ key: EVALUATION_TIMEOUT_KEY }, { signal })
  const minutes = found?.setting.value ?? DEFAULT_TIMEOUT_MINUTES
  if (typeof minutes === 'number' && minutes >= 1 && minutes <= LONGEST_TIMEOUT_MINUTES) return minutes
  const range = `1 to ${LONGEST_TIMEOUT_MINUTES}`
  log.error({ minutes, range }, `${EVALUATION_TIMEOUT_KEY} does not fit; ${DEFAULT_TIMEOUT_MINUTES} is used`)
  return DEFAULT_TIMEOUT_MINUTES
}
