import { InputError, utcDateSchema, type ImportFileParams, type ImportTarget } from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import { addressLabelRow } from '../repositories/address-label-rows.ts'
import { alertClusterRow } from '../repositories/alert-cluster-rows.ts'
import { alertRow } from '../repositories/alert-rows.ts'
import { moneyFlowRow } from '../repositories/money-flow-rows.ts'
import { transferRow } from '../repositories/transfer-rows.ts'
import { keyFields } from './key-fields.ts'
import {
  checkSourceColumns,
  locateFields,
  missingColumn,
  valueName,
  type ImportField,
  type ImportPlan,
} from './import-plan.ts'
import {
  addressKind,
  countKind,
  dayKind,
  decimalKind,
  externalIdKind,
  instantKind,
  isoKind,
  listKind,
  millisecondsKind,
  secondsKind,
  severityKind,
  textKind,
  unitIntervalKind,
  type ValueKind,
} from './value-kind.ts'

const EMPTY = `''`
const NO_MONEY = 'toDecimal256(0, 18)'

/** Targets whose columns are known beforehand; wide feature files are planned from their content. */
export type PlannedTarget = Exclude<ImportTarget, 'features'>

function field(name: string, columns: string, kind: ValueKind, byDefault?: string): ImportField {
  const base = { field: name, columns: columns.split(' '), kind }
  return byDefault === undefined ? base : { ...base, byDefault }
}

function list(name: string, column: string, kind: ValueKind): ImportField {
  return { ...field(name, column, kind, "CAST([], 'Array(String)')"), isList: true }
}

const fieldsOf: Readonly<Record<Exclude<PlannedTarget, 'transfers'>, readonly ImportField[]>> = {
  alerts: [
    field('alertId', 'alert_id', externalIdKind),
    field('address', 'address', addressKind),
    field('typologyType', 'typology_type', textKind(64)),
    field('patternId', 'pattern_id', textKind(256), EMPTY),
    field('patternType', 'pattern_type', textKind(64), EMPTY),
    field('severity', 'severity', severityKind, `'medium'`),
    field('suspectedAddressType', 'suspected_address_type', textKind(64), `'unknown'`),
    field('suspectedAddressSubtype', 'suspected_address_subtype', textKind(64), EMPTY),
    field('alertConfidenceScore', 'alert_confidence_score', unitIntervalKind),
    field('description', 'description', textKind(10_000), EMPTY),
    field('volumeUsd', 'volume_usd', decimalKind(76), NO_MONEY),
    field('evidenceJson', 'evidence_json', textKind(1_000_000), EMPTY),
    list('riskIndicators', 'risk_indicators', listKind(textKind(128), 256)),
  ],
  alertClusters: [
    field('clusterId', 'cluster_id', externalIdKind),
    field('clusterType', 'cluster_type', textKind(64)),
    field('primaryAddress', 'primary_address', addressKind, EMPTY),
    field('patternId', 'pattern_id', textKind(256), EMPTY),
    field('primaryAlertId', 'primary_alert_id', textKind(256), EMPTY),
    list('relatedAlertIds', 'related_alert_ids', listKind(externalIdKind, 100_000)),
    list('addressesInvolved', 'addresses_involved', listKind(addressKind, 100_000)),
    field('totalAlerts', 'total_alerts', countKind),
    field('totalVolumeUsd', 'total_volume_usd', decimalKind(76), NO_MONEY),
    field('severityMax', 'severity_max', severityKind, `'medium'`),
    field('confidenceAvg', 'confidence_avg', unitIntervalKind),
    field('earliestAlertTimestamp', 'earliest_alert_timestamp', countKind, 'toUInt64(0)'),
    field('latestAlertTimestamp', 'latest_alert_timestamp', countKind, 'toUInt64(0)'),
  ],
  moneyFlows: [
    field('fromAddress', 'from_address', addressKind),
    field('toAddress', 'to_address', addressKind),
    field('txCount', 'tx_count', countKind),
    field('amountUsdSum', 'amount_usd_sum', decimalKind(76)),
    field('firstSeen', 'first_seen first_seen_timestamp', instantKind),
    field('lastSeen', 'last_seen last_seen_timestamp', instantKind),
  ],
  addressLabels: [
    field('address', 'address', addressKind),
    field('label', 'label', textKind(256), EMPTY),
    field('addressType', 'address_type', textKind(64), `'unknown'`),
    field('addressSubtype', 'address_subtype', textKind(64), EMPTY),
    field('riskLevel', 'risk_level', severityKind, `'medium'`),
    field('trustLevel', 'trust_level', textKind(64), `'unverified'`),
    field('source', 'source', textKind(256), EMPTY),
    field('confidenceScore', 'confidence_score', unitIntervalKind, 'toFloat64(0.5)'),
  ],
}

type Codec = Pick<RowCodec<never>, 'table' | 'insertList'>

const targets: Readonly<
  Record<Exclude<PlannedTarget, 'transfers'>, { readonly codec: Codec; readonly id: readonly string[] }>
> = {
  alerts: { codec: alertRow, id: ['alertId'] },
  alertClusters: { codec: alertClusterRow, id: ['clusterId'] },
  moneyFlows: { codec: moneyFlowRow, id: ['fromAddress', 'toAddress'] },
  addressLabels: { codec: addressLabelRow, id: ['address', 'label'] },
}

/** Plans a file for a table. Throws InputError for what its header alone makes impossible. */
export function planTarget(target: PlannedTarget, params: ImportFileParams): ImportPlan {
  checkSourceColumns(params)
  if (target === 'transfers') return planTransfers(params)
  const fields = fieldsOf[target]
  const { codec, id } = targets[target]
  return {
    codec,
    fields: locateFields(params, [...keyFields, ...fields]),
    select: fields.map(({ field: name }) => valueName(name)),
    unique: { sql: `tuple(${id.map(valueName).join(', ')})`, name: id.join(' and ') },
  }
}

function timeKind({ transfers, fileName }: ImportFileParams): ValueKind {
  if (transfers === undefined) {
    throw new InputError({
      field: `${fileName}: transfers`,
      problem: 'says nothing about the unit of times',
      hint: 'give timestampUnit (ms, s, iso or day) and amounts (keep or drop)',
    })
  }
  if (transfers.timestampUnit === 'ms') return millisecondsKind
  if (transfers.timestampUnit === 's') return secondsKind
  if (transfers.timestampUnit === 'iso') return isoKind
  if (!utcDateSchema.safeParse(transfers.dayZero).success) {
    throw new InputError({
      field: `${fileName}: day zero`,
      value: transfers.dayZero ?? null,
      problem: 'is not a date that exists',
      hint: 'times in days need the date of day 0 as YYYY-MM-DD, for example 2025-01-01',
    })
  }
  return dayKind(Date.parse(transfers.dayZero ?? ''))
}

/**
 * Transfers: the id is the source's own where it has one, else made from what the row says; of amount and amount in dollars one is
 * enough; dropped amounts are not even read.
 */
function planTransfers(params: ImportFileParams): ImportPlan {
  const time = field('blockTimestamp', 'block_timestamp timestamp', timeKind(params))
  const isDropped = params.transfers?.amounts === 'drop'
  const optional = (name: string, columns: string, kind: ValueKind): ImportField =>
    field(name, columns, kind, 'NULL')
  const located = locateFields(params, [
    ...keyFields,
    time,
    field('fromAddress', 'from_address', addressKind),
    field('toAddress', 'to_address', addressKind),
    field('assetSymbol', 'asset_symbol', textKind(64), EMPTY),
    optional('transferId', 'transfer_id', externalIdKind),
    optional('txId', 'tx_id', externalIdKind),
    optional('eventIndex', 'event_index', textKind(64)),
    optional('edgeIndex', 'edge_index', textKind(64)),
    optional('amount', 'amount', decimalKind(38)),
    optional('amountUsd', 'amount_usd', decimalKind(38)),
  ])
  const has = (name: string): boolean =>
    located.some((found) => found.field === name && found.source !== null)
  if (!isDropped && !has('amount') && !has('amountUsd')) {
    throw missingColumn(params.fileName, 'amount_usd', params.sourceColumns)
  }
  const fields = located
    .filter(({ field: name }) => !isDropped || !name.startsWith('amount'))
    .map((found) => (isRequired(found.field) && found.source !== null ? withoutDefault(found) : found))
  const amount = isDropped ? 'toDecimal128(1, 18)' : valueName(has('amount') ? 'amount' : 'amountUsd')
  const amountUsd = isDropped ? 'toDecimal128(1, 18)' : valueName(has('amountUsd') ? 'amountUsd' : 'amount')
  const joined = `concat(${valueName('txId')}, ':', ifNull(${valueName('eventIndex')}, '0'), ':', ifNull(${valueName('edgeIndex')}, '0'))`
  const id = has('transferId') ? valueName('transferId') : has('txId') ? joined : null
  return {
    codec: transferRow,
    fields,
    select: [
      id ?? contentIdSql(amountUsd),
      ...['blockTimestamp', 'fromAddress', 'toAddress', 'assetSymbol'].map(valueName),
      amount,
      amountUsd,
    ],
    unique: id === null ? null : { sql: id, name: 'transferId' },
  }
}

/**
 * An id for transfers whose source has none: a hash of what the row says, and its number among the rows that say the
 * same. The order of the file does not matter, and equal rows stay several transfers.
 */
function contentIdSql(amountUsd: string): string {
  const said = [
    ...['blockTimestamp', 'fromAddress', 'toAddress', 'assetSymbol'].map(valueName),
    amountUsd,
  ].join(', ')
  return `concat(lower(hex(sipHash128(${said}))), '-', toString(row_number() OVER (PARTITION BY ${said} ORDER BY _row)))`
}

function isRequired(name: string): boolean {
  return name.startsWith('amount') || name === 'transferId' || name === 'txId'
}

function withoutDefault<Found extends ImportField>({
  byDefault: _unused,
  ...found
}: Found): Omit<Found, 'byDefault'> {
  return found
}
