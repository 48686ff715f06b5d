import {
  environmentNameSchema,
  InputError,
  isStorageError,
  type SampleKey,
  sampleKeySchema,
} from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { allItems } from '../all-items.ts'
import type { Config } from '../config.ts'
import { keyOf } from '../sampling/store-attempt.ts'
import { requireConfigured } from './environment-flag.ts'
import { withReadyValidator } from './with-validator.ts'

const examples = `
Examples:
  $ validator tasks retry --environment sat --all
  $ validator tasks retry --environment sat --miner HOTKEY --revision 4f2a9c1 --task 17
`

const key = sampleKeySchema.shape

/** `validator tasks retry`: opens quarantined tasks again, with all their attempts. */
export function tasksRetryCommand(config: Config): ProgramCommand {
  return defineCommand({
    name: 'retry',
    description: 'open quarantined tasks again, with all their attempts',
    options: z.strictObject({
      environment: environmentNameSchema,
      all: z.boolean().default(false),
      miner: key.minerHotkey.optional(),
      revision: key.modelRevision.optional(),
      task: numberFromText(key.taskId).optional(),
      generation: numberFromText(key.generation),
    }),
    flags: (command) => {
      command
        .requiredOption('--environment <name>', 'the environment')
        .option('--all', 'every quarantined task of the environment')
        .option('--miner <hotkey>', 'one task: its miner')
        .option('--revision <text>', "one task: the revision of the miner's model")
        .option('--task <n>', 'one task: its id')
        .option('--generation <n>', 'one task: its generation', '1')
        .addHelpText('after', examples)
    },
    run: async ({ environment, all, miner, revision, task, generation }, session) =>
      await withReadyValidator(config, session, async ({ repositories, now }) => {
        const { signal, progress } = session
        const { samplingTasks } = repositories
        if (!all) {
          if (miner === undefined || revision === undefined || task === undefined) throw unclear()
          const one = { minerHotkey: miner, modelRevision: revision, environment, generation, taskId: task }
          await samplingTasks.retry({ key: one, now: now() }, { signal })
          return { value: { retried: 1 }, text: '1 task is open again' }
        }
        // All are read before the first is opened: the list gets shorter under our hands.
        const keys: SampleKey[] = []
        const tasks = allItems((page) => samplingTasks.listQuarantined({ environment, ...page }, { signal }))
        for await (const found of tasks) keys.push(keyOf(found))
        if (keys.length === 0) await requireConfigured(repositories, environment, signal)
        let retried = 0
        for (const [index, one] of keys.entries()) {
          progress({ stage: 'retry', done: index, total: keys.length, unit: 'tasks' })
          try {
            await samplingTasks.retry({ key: one, now: now() }, { signal })
            retried += 1
          } catch (error) {
            // Somebody else was faster, or the miner's model changed meanwhile.
            if (!isStorageError(error, 'conflict') && !isStorageError(error, 'not_found')) throw error
          }
        }
        progress({ stage: 'retry', done: keys.length, total: keys.length, unit: 'tasks' })
        return { value: { retried }, text: `${retried} tasks are open again` }
      }),
  })
}

function unclear(): InputError {
  return new InputError({
    field: 'tasks retry',
    problem: 'does not say which tasks',
    hint: 'give --all, or --miner, --revision and --task of one',
  })
}
