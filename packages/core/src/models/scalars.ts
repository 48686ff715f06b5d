import { z } from 'zod'

/** A network's name: the part after the prefix in a database name, so it is a plain lower-case identifier. */
export const networkSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be 1–32 characters: a lower-case letter, then letters, digits or _')
/** A network such as `torus` or `bittensor_testnet`. */
export type Network = z.infer<typeof networkSchema>

/**
 * A hotkey (SS58 text). Only its alphabet and length are checked here; the SS58 checksum is verified where a hotkey
 * enters from outside.
 */
export const hotkeySchema = z.string().regex(/^[A-Za-z0-9]{1,64}$/, 'must be 1–64 letters or digits')
/** A miner's or validator's hotkey. */
export type Hotkey = z.infer<typeof hotkeySchema>

/** The longest address that any supported chain writes, with room; a longer one is an attack or a broken file. */
export const MAX_ADDRESS_LENGTH = 128

/** A chain address or an account id of a data set: 1–128 visible characters without spaces. */
export const addressSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1–128 visible ASCII characters without spaces')
/** A chain address. */
export type Address = z.infer<typeof addressSchema>

function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00.000Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

/** A calendar day in UTC as `YYYY-MM-DD`; the day must exist. */
export const utcDateSchema = z
  .string()
  .regex(/^(?:19[789]\d|20\d\d|21[0-4]\d)-\d\d-\d\d$/, 'must be YYYY-MM-DD between 1970 and 2149')
  .refine(isCalendarDate, 'is not a date that exists')
  .brand<'UtcDate'>()
/** A calendar day in UTC, as text. */
export type UtcDate = z.infer<typeof utcDateSchema>

/** The length of the observed window in days, 1–3650; part of every key. */
export const windowDaysSchema = z.int().min(1).max(3650)

/** A decimal number as plain text, exact: optional sign, digits, optional fraction; no exponent. */
export const decimalSchema = z
  .string()
  .regex(/^-?\d{1,58}(?:\.\d{1,30})?$/, 'must be a plain decimal number without exponent')
  .brand<'Decimal'>()
/** An exact decimal: money and volumes. Never convert it to a float to compute with it. */
export type Decimal = z.infer<typeof decimalSchema>

/** A count of rows or things that fits a JavaScript number exactly. */
export const countSchema = z.int().min(0)

/** A 64-bit unsigned integer. */
export const uint64Schema = z.bigint().min(0n).max(18_446_744_073_709_551_615n)

/** A SHA-256 in lower-case hex. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')

/** An id derived from content: the first 32 hex digits of a SHA-256. */
export const contentIdSchema = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hex digits')

/** A UUID as lower-case text of 36 characters; ordered as text, from the left. */
export const uuidSchema = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a UUID in lower case')

/** A subnet's number on chain. */
export const netuidSchema = z.int().min(0).max(65_535)

/** A neuron's place in its subnet. It is handed to another hotkey on deregistration: never a key of anything kept. */
export const uidSchema = z.int().min(0).max(65_535)

/** A block's height on chain; twelve digits in keys. */
export const blockNumberSchema = z.int().min(0).max(999_999_999_999)

/** The revision of a miner's model, as its host names it (a commit, a tag). */
export const modelRevisionSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/, 'must be 1–128 letters, digits or . _ -')

/** The name of an environment; it may hold `:` and `/` but no space. */
export const environmentNameSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1–128 visible ASCII characters without spaces')

/** A task's number within its environment; twelve digits in keys. */
export const taskIdSchema = z.int().min(0).max(999_999_999_999)

/**
 * Which sampling of an environment a task or sample belongs to. Raising it asks everything anew without losing what
 * was there; 0 is history imported from an earlier system, live sampling starts at 1.
 */
export const generationSchema = z.int().min(0).max(999_999)

/** Names who holds a lease or wrote a row: a worker, a host, a person. */
export const actorSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1–128 visible ASCII characters without spaces')

/** A point in time, UTC, to the millisecond. */
export const instantSchema = z.date()

/** A share or probability in [0, 1]. */
export const unitIntervalSchema = z.number().min(0).max(1)
