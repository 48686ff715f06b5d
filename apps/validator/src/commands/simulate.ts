import { readFile } from 'node:fs/promises'

import { InputError } from '@subnetkit/core'
import { defineCommand, numberFromText, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { plainTable } from '../plain-table.ts'
import { BUILT_IN_SCENARIOS } from '../yuma/built-in-scenarios.ts'
import { bondText, epochCsv } from '../yuma/epoch-csv.ts'
import { epochRows, type EpochRow } from '../yuma/epoch-rows.ts'
import { runScenario } from '../yuma/run-scenario.ts'
import { parseScenario, type Scenario } from '../yuma/scenario.ts'

/** Rows that are kept for the answer; a longer course is asked for in parts with `--last`. */
const MAX_ROWS = 1_000_000

const examples = `
Scenarios that come with it:
${BUILT_IN_SCENARIOS.map(({ name, about }) => `  ${name.padEnd(28)}${about ?? ''}`).join('\n')}

A file holds a scenario as JSON:
  {
    "name": "a newcomer", "epochs": 5, "parameters": { "yuma": 3, "liquidAlpha": {} },
    "neurons": [{ "uid": 0, "stake": 700 }, { "uid": 1, "stake": 300 }, { "uid": 2 }],
    "events": [
      { "epoch": 0, "weights": [{ "validator": 0, "on": [[2, 1]] }, { "validator": 1, "on": [[2, 1]] }] },
      { "epoch": 2, "register": [{ "uid": 3 }], "weights": [{ "validator": 0, "on": [[2, 1], [3, 2]] }] }
    ]
  }

Examples:
  $ validator simulate moving-bonds --bonds
  $ validator simulate one-epoch-switch --epochs 40 --csv > bonds.csv
  $ validator simulate ./my-subnet.json --last 1 --json
`

/** `validator simulate`: Yuma consensus over many epochs, as the chain would compute it, without a chain. */
export function simulateCommand(): ProgramCommand {
  return defineCommand({
    name: 'simulate',
    description: 'run Yuma consensus over many epochs of a scenario, bit by bit as the chain computes it',
    options: z.strictObject({
      scenario: z.string().min(1),
      epochs: numberFromText(z.int().min(1).max(100_000)).optional(),
      last: numberFromText(z.int().min(1).max(100_000)).optional(),
      bonds: z.boolean().default(false),
      csv: z.boolean().default(false),
    }),
    flags: (command) => {
      command
        .argument('<scenario>', 'one of the names below, or a .json file')
        .option('--epochs <n>', 'run so many epochs instead of those of the scenario')
        .option('--last <n>', 'show only the last so many epochs')
        .option('--bonds', 'show bonds, too')
        .option('--csv', 'comma-separated text with full precision')
        .addHelpText('after', examples)
    },
    run: async (options, session) => {
      const found = await findScenario(options.scenario)
      const scenario = { ...found, epochs: options.epochs ?? found.epochs }
      const rows = collectRows(scenario, options.last ?? scenario.epochs, session.signal)
      const { name, about, epochs } = scenario
      return {
        value: { name, about, epochs, rows: options.bonds ? rows : rows.map(withoutBonds) },
        text: options.csv ? epochCsv(rows, options.bonds) : `${about}\n\n${rowsTable(rows, options.bonds)}`,
      }
    },
  })
}

async function findScenario(nameOrFile: string): Promise<Scenario> {
  if (nameOrFile.endsWith('.json')) return parseScenario(await readJson(nameOrFile), nameOrFile)
  const builtIn = BUILT_IN_SCENARIOS.find(({ name }) => name === nameOrFile)
  if (builtIn !== undefined) return parseScenario(builtIn, nameOrFile)
  throw new InputError({
    field: '<scenario>',
    value: nameOrFile,
    problem: 'is not a scenario',
    hint: `use one of ${BUILT_IN_SCENARIOS.map(({ name }) => name).join(', ')}, or a file that ends in .json`,
  })
}

async function readJson(file: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    const hint = 'give the path of a scenario file'
    throw new InputError({ field: '<scenario>', value: file, problem: 'cannot be read', hint, cause })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason'
    const hint = 'correct it; NaN and Infinity do not exist in JSON'
    throw new InputError({ field: file, problem: `is not JSON (${reason})`, hint, cause })
  }
}

function collectRows(scenario: Scenario, last: number, signal: AbortSignal): EpochRow[] {
  const rows: EpochRow[] = []
  for (const epoch of runScenario(scenario)) {
    signal.throwIfAborted()
    if (epoch.epoch < scenario.epochs - last) continue
    rows.push(...epochRows(epoch))
    if (rows.length <= MAX_ROWS) continue
    const hint = `show less of them with --last; ${MAX_ROWS} rows fit`
    throw new InputError({ field: '--epochs', value: scenario.epochs, problem: 'are too many rows', hint })
  }
  return rows
}

function withoutBonds({ bonds: _bonds, ...row }: EpochRow): Omit<EpochRow, 'bonds'> {
  return row
}

function rowsTable(rows: readonly EpochRow[], hasBonds: boolean): string {
  const head = ['epoch', 'uid', 'stake', 'consensus', 'incentive', 'trust', 'dividends', 'v-trust', 'rao']
  const share = (value: number): string => (value === 0 ? '–' : value.toFixed(6))
  const lines = rows.map((row, at) => [
    rows[at - 1]?.epoch === row.epoch ? '' : String(row.epoch),
    String(row.uid),
    share(row.stake),
    share(row.consensus),
    share(row.incentive),
    share(row.trust),
    share(row.dividends),
    share(row.validatorTrust),
    row.emission === '0' ? '–' : row.emission,
    ...(hasBonds ? [bondText(row, (bond) => bond.toFixed(4))] : []),
  ])
  return plainTable(hasBonds ? [...head, 'bonds'] : head, lines)
}
