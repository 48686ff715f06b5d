import { z } from 'zod'

/** A whole number as SCALE decoders give it: a JS number or a bigint, always one that a number holds exactly. */
export const integerSchema = z
  .union([z.int(), z.bigint().transform(Number)])
  .pipe(z.int().min(0).max(Number.MAX_SAFE_INTEGER))

/** A 64-bit number. */
export const bigSchema = z
  .union([z.bigint(), z.int().transform(BigInt)])
  .pipe(z.bigint().min(0n).max(0xffff_ffff_ffff_ffffn))

/** 0 to 65535. */
export const u16NumberSchema = z.int().min(0).max(65_535)
