import { NumberValue } from '@aws-sdk/lib-dynamodb'

/**
 * One item as the document client takes and gives it: attribute names to values. Numbers come back as
 * {@link NumberValue}, which holds DynamoDB's own text; an item that was read can be written again unchanged.
 */
export type Item = Readonly<Record<string, unknown>>

/**
 * A DynamoDB number as its exact text (up to 38 digits): what reads give for every `N`. Writing takes it too, beside
 * `bigint` and safe JavaScript numbers.
 */
export { NumberValue }
