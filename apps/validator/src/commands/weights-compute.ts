import { defineCommand, type ProgramCommand } from '@subnetkit/core/cli'
import { z } from 'zod'

import { textTable } from '../text-table.ts'
import { computeWeights } from '../weights/compute-weights.ts'
import { explainWeight } from '../weights/explain-weight.ts'
import { weightRecords } from '../weights/miner-weight-record.ts'
import { pathwaysPreset } from '../weights/pathways-presets.ts'
import { readScoreFile } from '../weights/read-score-file.ts'

const UID = /^\d{1,10}$/

const examples = `
Presets: corrected, plan-era, weather-only, contrast.

Examples:
  $ validator weights compute --scores scores.csv
  $ validator weights compute --scores scores.json --preset plan-era --explain 10
`

/** `validator weights compute`: weights from a file of scores; reads nothing else and sends nothing. */
export function weightsComputeCommand(): ProgramCommand {
  return defineCommand({
    name: 'compute',
    description: 'weights from a file of scores, and how one miner came to its own',
    options: z.strictObject({ scores: z.string(), preset: z.string(), explain: z.string().optional() }),
    flags: (command) => {
      command
        .requiredOption('--scores <file>', 'CSV or JSON: uid, hotkey, coldkey and one score per task')
        .option('--preset <name>', 'constants of the rule', 'corrected')
        .option('--explain <uid|hotkey>', 'tell how this miner came to its weight')
        .addHelpText('after', examples)
    },
    run: async ({ scores: path, preset, explain }) => {
      const parameters = pathwaysPreset(preset)
      const { miners, scores } = await readScoreFile(
        path,
        parameters.tasks.map(({ name }) => name),
      )
      const computed = computeWeights({ miners, scores, parameters, trace: true })
      const records = weightRecords(computed, miners)
      if (explain !== undefined) {
        const record = records.of(UID.test(explain) ? Number(explain) : explain)
        return { value: record, text: explainWeight(record) }
      }
      const all = Array.from({ length: records.size }, (_, index) => records.at(index))
      const rows = all
        .toSorted((a, b) => b.weight - a.weight || a.uid - b.uid)
        .map(({ uid, hotkey, pathway, raw, weight, emitted }) => [
          String(uid),
          hotkey,
          pathway,
          raw.toFixed(8),
          weight.toFixed(8),
          String(emitted),
        ])
      return {
        value: { preset, branch: computed.branch, midpoint: computed.midpoint, miners: all },
        text: textTable(['uid', 'hotkey', 'pathway', 'raw', 'weight', 'sent'], rows),
      }
    },
  })
}
