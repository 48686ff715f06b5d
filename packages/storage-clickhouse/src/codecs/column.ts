import { array, nullable, tuple } from './nested-columns.ts'
import {
  bool,
  decimal,
  float64,
  int32,
  int64,
  int64Number,
  uint16,
  uint32,
  uint64,
  uint64Number,
  uint8,
} from './number-columns.ts'
import { enum8, fixedString, json, lowCardinality, string } from './text-columns.ts'
import { date, dateTime64 } from './time-columns.ts'

/** Every kind of column that a row codec knows: `column.uint16()`, `column.nullable(column.string())`. */
export const column = {
  array,
  bool,
  date,
  dateTime64,
  decimal,
  enum8,
  fixedString,
  float64,
  int32,
  int64,
  int64Number,
  json,
  lowCardinality,
  nullable,
  string,
  tuple,
  uint16,
  uint32,
  uint64,
  uint64Number,
  uint8,
} as const
