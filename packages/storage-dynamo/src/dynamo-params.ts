import { InputError } from '@subnetkit/core'

import { tablePrefixSchema } from './connect-options.ts'

/** Where the tables are. */
export type DynamoTarget =
  /** The engine that comes along, under the data folder. */
  | { readonly kind: 'embedded' }
  /** A URL: DynamoDB Local, or an endpoint of one's own. */
  | { readonly kind: 'endpoint'; readonly endpoint: string; readonly region: string | null }
  /** AWS, with the SDK's own provider chain for credentials. */
  | { readonly kind: 'aws'; readonly region: string }

/** What the environment says. */
export interface DynamoParams {
  readonly target: DynamoTarget
  readonly tablePrefix: string
}

/** Prefix of table names when `DYNAMODB_TABLE_PREFIX` is not set. */
export const DEFAULT_TABLE_PREFIX = 'subnetkit'

/** The value of `DYNAMODB_ENDPOINT` that asks for AWS itself. */
export const AWS_ENDPOINT = 'aws'

/**
 * Reads `DYNAMODB_ENDPOINT` (a URL, or `aws`), `AWS_REGION` and `DYNAMODB_TABLE_PREFIX`. Without an endpoint the
 * target is the embedded engine, also where a region or credentials lie about: AWS costs money and is shared, so it is
 * only used when it is asked for by name.
 *
 * @throws InputError that names the variable.
 */
export function readDynamoParams(env: Readonly<Record<string, string | undefined>>): DynamoParams {
  return { target: readTarget(env), tablePrefix: readPrefix(env['DYNAMODB_TABLE_PREFIX']) }
}

function readTarget(env: Readonly<Record<string, string | undefined>>): DynamoTarget {
  const endpoint = env['DYNAMODB_ENDPOINT']?.trim() ?? ''
  const region = readRegion(env['AWS_REGION'])
  if (endpoint === '') return { kind: 'embedded' }
  if (endpoint !== AWS_ENDPOINT) return { kind: 'endpoint', endpoint: readUrl(endpoint), region }
  if (region !== null) return { kind: 'aws', region }
  throw new InputError({
    field: 'AWS_REGION',
    problem: 'is not set, but DYNAMODB_ENDPOINT=aws needs it',
    hint: 'set the region of your tables, for example AWS_REGION=eu-central-1',
  })
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href
  throw new InputError({
    field: 'DYNAMODB_ENDPOINT',
    value: text,
    problem: 'is neither a URL nor the word aws',
    hint: 'give http://127.0.0.1:8000 for DynamoDB Local, aws for AWS, or unset it for the embedded engine',
  })
}

function readRegion(text: string | undefined): string | null {
  const region = text?.trim() ?? ''
  if (region === '') return null
  if (/^[a-z0-9-]{1,40}$/.test(region)) return region
  throw new InputError({
    field: 'AWS_REGION',
    value: region,
    problem: 'is not the name of a region',
    hint: 'give one such as eu-central-1',
  })
}

function readPrefix(text: string | undefined): string {
  const prefix = text?.trim() ?? ''
  if (prefix === '') return DEFAULT_TABLE_PREFIX
  const parsed = tablePrefixSchema.safeParse(prefix)
  if (parsed.success) return parsed.data
  throw new InputError({
    field: 'DYNAMODB_TABLE_PREFIX',
    value: prefix,
    problem: parsed.error.issues[0]?.message ?? 'is not valid',
    hint: 'give one such as subnetkit or subnetkit_dev',
  })
}
