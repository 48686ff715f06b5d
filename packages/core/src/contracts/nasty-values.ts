/** Texts that break careless escaping, comparing or cutting. All well-formed Unicode. */
export const nastyTexts: readonly string[] = [
  '',
  ' leading and trailing ',
  `"double" 'single' \`back\``,
  String.raw`back\slash \n \0 \N \x41`,
  'tab\tnewline\nreturn\rnul\u0000bell\u0007',
  'null',
  'NaN',
  '0',
  '{"json": [1, "two"]}',
  "'; DROP TABLE alerts; --",
  '{param:String} %s $1 ?',
  'ß é 漢字 👩‍🚀 \u202e עברית',
  '\ufeffBOM',
  'ﬀ after 😀 by bytes',
]

/** Ids without control characters, in the order in which JavaScript compares strings. */
export const nastyIds: readonly string[] = [
  ' ',
  `"quoted" 'id'`,
  '%_*',
  'Z',
  String.raw`\back\slash`,
  'a',
  'aa',
  'null',
  'é',
  '漢',
  '😀',
  'ﬀ',
].toSorted((a, b) => compareCodeUnits(a, b))

/** Decimals with many digits, in their shortest form. */
export const nastyDecimals: readonly string[] = [
  '0',
  '0.000000000000000001',
  '1000000000000',
  '99999999999999999999.999999999999999999',
  '9007199254740993',
  '0.1',
]

/** Whole numbers at the edge of what a JavaScript number keeps. */
export const nastyCounts: readonly number[] = [0, 1, 4_294_967_296, 9_007_199_254_740_991]

/** Floats that text round trips lose. */
export const nastyFloats: readonly number[] = [
  0,
  -0,
  0.1,
  1 / 3,
  1e-300,
  1.797_693_134_862_315_7e308,
  5e-324,
  -123_456_789.123_456_79,
]

/** Instants with milliseconds, and the edges of years. */
export const nastyInstants: readonly Date[] = [
  new Date(0),
  new Date('2025-07-31T23:59:59.999Z'),
  new Date('2024-02-29T12:00:00.345Z'),
  new Date('2100-01-01T00:00:00.001Z'),
]

/** Orders texts by UTF-16 code units, as `<` does. */
export function compareCodeUnits(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
