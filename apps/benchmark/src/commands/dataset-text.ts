import Table from 'cli-table3'

import type { DescribedDataset } from '../tasks/datasets/describe-datasets.ts'
import type { GeneratedDataset } from '../tasks/datasets/generate-dataset.ts'

/** No colours: the text reads the same on a terminal and in a file. */
const PLAIN = { head: [], border: [], compact: true }

function number(value: number): string {
  return value.toLocaleString('en-US')
}

function areaText(area: number | null | undefined): string {
  return area === null || area === undefined ? '–' : area.toFixed(3)
}

/** What `dataset generate` prints. */
export function generatedText(made: GeneratedDataset): string {
  const { snapshot, truth } = made
  const instances = truth.patterns.reduce((sum, shape) => sum + shape.instances, 0)
  const { active_accounts: active, planted_accounts: planted } = truth.separability
  return [
    made.isNew
      ? `Wrote ${snapshot.batch_id} (${snapshot.format}).`
      : `${snapshot.batch_id} is already there, complete and with the right checksums: nothing to do.`,
    `  ${number(snapshot.counts['transfers'] ?? 0)} transfers of ${number(active)} accounts, ${number(snapshot.counts['address_labels'] ?? 0)} labels: ${made.snapshotFolder}`,
    `  ${number(instances)} patterns on ${number(planted)} accounts, kept apart: ${made.truthFolder}`,
  ].join('\n')
}

/** What `dataset describe` prints of one dataset. Without its truth only the counts are known. */
export function datasetTable({ snapshot, truth, folder }: DescribedDataset): string {
  const counts = Object.entries(snapshot.counts).map(([name, rows]) => `${number(rows)} ${name}`)
  const head = [`${snapshot.batch_id} (${snapshot.format}) in ${folder}`, `  ${counts.join(', ')}`]
  if (truth === null) return [...head, '  no truth beside it'].join('\n')
  const { separability } = truth
  const patterns = new Table({
    head: ['shape', 'type', 'patterns', 'accounts', 'transfers', 'size'],
    style: PLAIN,
  })
  for (const shape of truth.patterns) {
    const size = `${shape.smallest}–${shape.largest}`
    patterns.push([shape.shape, shape.pattern_type, shape.instances, shape.accounts, shape.transfers, size])
  }
  const columns = new Table({ head: ['simple column', 'AUC', 'of culprits'], style: PLAIN })
  for (const [column, auc] of Object.entries(separability.auc))
    columns.push([column, areaText(auc), areaText(separability.culprit_auc[column])])
  return [
    ...head,
    `  ${number(separability.active_accounts)} active accounts, ${number(separability.planted_accounts)} of them planted`,
    '',
    'Planted:',
    patterns.toString(),
    '',
    `Planted against ${number(separability.compared_accounts)} others, one column at a time (0.5 = says nothing):`,
    columns.toString(),
  ].join('\n')
}
