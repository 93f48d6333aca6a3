import type { ColumnType } from 'kysely'

/** A jsonb column: read as parsed, unknown until a contract schema has parsed it; written as JSON text. */
export type Json = ColumnType<unknown, string, string>
export type NullableJson = ColumnType<unknown, string | null | undefined, string | null>
/** A time the database sets or is given. */
export type Time = ColumnType<Date, Date | undefined, Date>
export type NullableTime = ColumnType<Date | null, Date | null | undefined, Date | null>
