import { InputError, showValue } from '../errors/input-error.ts'

/** An enum as an ordered map from member name to the number under which stores keep it; numbers are distinct. */
export type EnumNumbers<Name extends string = string> = Readonly<Record<Name, number>>

/**
 * The member that a stored or typed-in value means: a member's exact name, its number (also as bigint or as a string of
 * digits), or its name in any letter case. Anything else, including null, throws an {@link InputError} that lists what
 * is allowed. `field` names the column or flag in that error.
 */
export function convertEnum<Name extends string>(
  allowed: EnumNumbers<Name>,
  value: unknown,
  field = 'value',
): Name {
  const member = findMember(allowed, value, field)
  if (member !== null) return member
  throw new InputError({
    field,
    value,
    problem: 'is not one of the allowed members',
    hint: `use ${memberNames(allowed)
      .map((name) => `${name} (${allowed[name]})`)
      .join(', ')}`,
  })
}

/** As {@link convertEnum}, for nullable columns: null stays null, everything else must be a member. */
export function convertNullableEnum<Name extends string>(
  allowed: EnumNumbers<Name>,
  value: unknown,
  field = 'value',
): Name | null {
  return value === null ? null : convertEnum(allowed, value, field)
}

function findMember<Name extends string>(
  allowed: EnumNumbers<Name>,
  value: unknown,
  field: string,
): Name | null {
  if (typeof value === 'number') return findNumber(allowed, value)
  if (typeof value === 'bigint') return findNumber(allowed, Number(value))
  if (typeof value !== 'string') return null
  if (isMemberName(allowed, value)) return value
  if (/^-?\d{1,9}$/.test(value)) return findNumber(allowed, Number(value))
  return findAnyCase(allowed, value, field)
}

function findNumber<Name extends string>(allowed: EnumNumbers<Name>, wanted: number): Name | null {
  for (const name of memberNames(allowed)) if (allowed[name] === wanted) return name
  return null
}

function findAnyCase<Name extends string>(
  allowed: EnumNumbers<Name>,
  text: string,
  field: string,
): Name | null {
  const wanted = text.toLowerCase()
  const matches = memberNames(allowed).filter((name) => name.toLowerCase() === wanted)
  if (matches.length > 1) {
    throw new InputError({
      field,
      value: text,
      problem: 'means several members that differ only by letter case',
      hint: `write one of ${showValue(matches)} exactly`,
    })
  }
  return matches[0] ?? null
}

function memberNames<Name extends string>(allowed: EnumNumbers<Name>): Name[] {
  return Object.keys(allowed).filter((name) => isMemberName(allowed, name))
}

function isMemberName<Name extends string>(allowed: EnumNumbers<Name>, name: string): name is Name {
  return Object.hasOwn(allowed, name)
}
