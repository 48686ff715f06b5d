import type { ClickHouseSettings } from '@clickhouse/client'

/**
 * What both sides of the wire agree on, whatever the server's or user's profile says. `test/wire.test.ts` asserts each
 * promise against the engine. These cannot be overridden by options: the codecs rely on them.
 */
export const WIRE_SETTINGS = {
  /** UInt64 and Int64 cross as text: JSON numbers lose everything beyond 2^53. */
  output_format_json_quote_64bit_integers: 1,
  /** Decimals cross as text, exactly. */
  output_format_json_quote_decimals: 1,
  /** `1.50` leaves as `1.5`: one text for one value, whatever the column's scale. */
  output_format_decimal_trailing_zeros: 0,
  /** NaN and infinities leave as null, which no float column of a codec accepts. */
  output_format_json_quote_denormals: 0,
  output_format_json_escape_forward_slashes: 0,
  /** Tuples cross as arrays, in their order: names would be most of the text. */
  output_format_json_named_tuples_as_objects: 0,
  input_format_json_named_tuples_as_objects: 0,
  /** `2025-08-01T00:00:00.345Z`. */
  date_time_output_format: 'iso',
  date_time_input_format: 'best_effort',
  session_timezone: 'UTC',
  /** A double comes back bit for bit; the fast parser may be off by one in the last place. */
  precise_float_parsing: 1,
  /** An unknown field is an error (117), never dropped. */
  input_format_skip_unknown_fields: 0,
  /** A null for a column that has none is an error, never a default. */
  input_format_null_as_default: 0,
  input_format_defaults_for_omitted_fields: 1,
  /** An insert is acknowledged when it is stored, not when it is queued. */
  async_insert: 0,
  wait_for_async_insert: 1,
  /** A missing partner of a LEFT JOIN is null, not an empty value. */
  join_use_nulls: 1,
  /** A statement that only reads ends when its reader goes away. */
  cancel_http_readonly_queries_on_client_close: 1,
  /** Errors come as such, not dressed as a JSON row. */
  http_write_exception_in_output_format: 0,
  /** The time limit is wall-clock time, not an estimate. */
  timeout_before_checking_execution_speed: 0,
  output_format_parquet_compression_method: 'zstd',
} as const satisfies ClickHouseSettings

/** Settings that hold back the answer until the statement has ended, so that its status tells how it ended. */
export const ACKNOWLEDGED_SETTINGS = { wait_end_of_query: 1 } as const satisfies ClickHouseSettings
