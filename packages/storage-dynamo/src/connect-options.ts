import { InputError } from '@subnetkit/core'
import { z } from 'zod'

/** Receives one line per request at debug level: operation, table, time and counts, never a value of an item. */
export interface DynamoLogger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** Keys of an AWS account, when the SDK's own provider chain is not to be asked. */
export interface DynamoCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** How to reach DynamoDB. An option that is not listed here throws. */
export interface ConnectDynamoOptions {
  /** First part of every table name, before an underscore: 1–100 letters, digits, `.`, `-` or `_`. */
  readonly tablePrefix: string
  /** `http(s)://…` of the embedded engine, DynamoDB Local or a VPC endpoint. @default AWS itself, by region */
  readonly endpoint?: string
  /** @default what the SDK finds in its own configuration; `us-east-1` for a loopback endpoint, which ignores it */
  readonly region?: string
  /** @default the SDK's provider chain; for a loopback endpoint, made-up ones, so that real ones never go there */
  readonly credentials?: DynamoCredentials
  /** Tries of one request, the first included, 1–10. @default 3 */
  readonly maxAttempts?: number
  /** `adaptive` also slows this client down when the table throttles. @default 'standard' */
  readonly retryMode?: 'standard' | 'adaptive'
  /**
   * Milliseconds to open a socket. @default 2000; 15000 for a loopback endpoint, which refuses at once when nobody is
   * there, and is slow only when this very machine is
   */
  readonly connectionTimeoutMs?: number
  /** Milliseconds that one try may take as a whole. @default 10000 */
  readonly requestTimeoutMs?: number
  /** Sockets that may be open at once. @default 50 */
  readonly maxSockets?: number
  /** @default no logging */
  readonly logger?: DynamoLogger
}

/** First part of table names; what an operator types to confirm a reset. */
export const tablePrefixSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be 1–100 letters, digits, ".", "-" or "_"')

const optionsSchema = z.strictObject({
  tablePrefix: tablePrefixSchema,
  endpoint: z.url({ protocol: /^https?$/, error: 'must be a URL such as http://127.0.0.1:8000' }).optional(),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be a region such as eu-central-1')
    .optional(),
  credentials: z
    .strictObject({
      accessKeyId: z.string().min(1),
      secretAccessKey: z.string().min(1),
      sessionToken: z.string().min(1).exactOptional(),
    })
    .optional(),
  maxAttempts: z.int().min(1).max(10).default(3),
  retryMode: z.enum(['standard', 'adaptive']).default('standard'),
  connectionTimeoutMs: z.int().min(1).max(60_000).optional(),
  requestTimeoutMs: z.int().min(1).max(600_000).default(10_000),
  maxSockets: z.int().min(1).max(10_000).default(50),
  logger: z.custom<DynamoLogger>((value) => isLogger(value), 'must have a debug method').optional(),
})

/** Options with every default filled in. */
export type ParsedConnectOptions = z.infer<typeof optionsSchema>

/**
 * Checks options and fills in defaults.
 *
 * @throws InputError that names the option; never shows credentials.
 */
export function parseConnectOptions(options: ConnectDynamoOptions): ParsedConnectOptions {
  const parsed = optionsSchema.safeParse(options)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InputError({
    field: `connectDynamo option ${issue?.path.join('.') ?? ''}`.trimEnd(),
    problem: issue?.message ?? 'is not valid',
    hint: 'see ConnectDynamoOptions for names and ranges',
  })
}

/** Whether an endpoint is this very machine, where credentials mean nothing and compression costs more than it saves. */
export function isLoopbackEndpoint(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return false
  const host = new URL(endpoint).hostname
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function isLogger(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'debug' in value && typeof value.debug === 'function'
}
