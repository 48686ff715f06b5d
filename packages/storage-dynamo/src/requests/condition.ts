import { StorageError } from '@subnetkit/core'

/** A condition on the stored item, built by {@link exists}, {@link compare}, {@link allOf} and their siblings. */
export type Condition =
  | { readonly kind: 'exists' | 'absent'; readonly attribute: string }
  | {
      readonly kind: 'compare'
      readonly attribute: string
      readonly operator: Operator
      readonly value: unknown
    }
  | { readonly kind: 'beginsWith'; readonly attribute: string; readonly prefix: string }
  | { readonly kind: 'contains'; readonly attribute: string; readonly member: unknown }
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }

/** How two values are compared: DynamoDB's own signs. */
export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>='

/** The attribute is there, null included. */
export const exists = (attribute: string): Condition => ({ kind: 'exists', attribute })
/** The attribute is not there; on a key attribute: the item is not there. */
export const absent = (attribute: string): Condition => ({ kind: 'absent', attribute })
/** The attribute is there and compares; false when it is absent or of another type. */
export const compare = (attribute: string, operator: Operator, value: unknown): Condition => ({
  kind: 'compare',
  attribute,
  operator,
  value,
})
/** The attribute is a text that begins so. */
export const beginsWith = (attribute: string, prefix: string): Condition => ({
  kind: 'beginsWith',
  attribute,
  prefix,
})
/** The attribute is a set with this member, or a text with this part; false when it is absent. */
export const contains = (attribute: string, member: unknown): Condition => ({
  kind: 'contains',
  attribute,
  member,
})
/** All hold; at least one condition must be given. */
export const allOf = (...conditions: readonly Condition[]): Condition => ({ kind: 'and', conditions })
/** At least one holds; at least one condition must be given. */
export const anyOf = (...conditions: readonly Condition[]): Condition => ({ kind: 'or', conditions })
/** It does not hold. */
export const not = (condition: Condition): Condition => ({ kind: 'not', condition })

/**
 * Collects the placeholders of one request: names and values never stand in an expression as text, so no value and no
 * reserved word can change what it says.
 */
export class Placeholders {
  readonly #names = new Map<string, string>()
  readonly #values = new Map<string, unknown>()

  /** The placeholder of an attribute name; the same for the same name. */
  name(attribute: string): string {
    const known = this.#names.get(attribute)
    if (known !== undefined) return known
    const placeholder = `#n${this.#names.size}`
    this.#names.set(attribute, placeholder)
    return placeholder
  }

  /** A new placeholder for a value. */
  value(value: unknown): string {
    const placeholder = `:v${this.#values.size}`
    this.#values.set(placeholder, value)
    return placeholder
  }

  /** The two maps as a request wants them; an empty one is left out, since DynamoDB refuses it. */
  fields(): {
    ExpressionAttributeNames?: Record<string, string>
    ExpressionAttributeValues?: Record<string, unknown>
  } {
    const names = [...this.#names].map(([attribute, placeholder]) => [placeholder, attribute] as const)
    return {
      ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
      ...(this.#values.size === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(this.#values) }),
    }
  }
}

/** Writes a condition as an expression over the placeholders. @throws StorageError `bad_query` when a group is empty. */
export function compileCondition(condition: Condition, placeholders: Placeholders): string {
  switch (condition.kind) {
    case 'exists':
      return `attribute_exists(${placeholders.name(condition.attribute)})`
    case 'absent':
      return `attribute_not_exists(${placeholders.name(condition.attribute)})`
    case 'compare':
      return `${placeholders.name(condition.attribute)} ${condition.operator} ${placeholders.value(condition.value)}`
    case 'beginsWith':
      return `begins_with(${placeholders.name(condition.attribute)}, ${placeholders.value(condition.prefix)})`
    case 'contains':
      return `contains(${placeholders.name(condition.attribute)}, ${placeholders.value(condition.member)})`
    case 'not':
      return `NOT (${compileCondition(condition.condition, placeholders)})`
    default:
      return compileGroup(condition.kind, condition.conditions, placeholders)
  }
}

function compileGroup(
  kind: 'and' | 'or',
  conditions: readonly Condition[],
  placeholders: Placeholders,
): string {
  if (conditions.length === 0)
    throw new StorageError({ code: 'bad_query', message: `an empty ${kind} of conditions` })
  return conditions
    .map((member) => `(${compileCondition(member, placeholders)})`)
    .join(kind === 'and' ? ' AND ' : ' OR ')
}
