import { StorageError } from '../errors/storage-error.ts'

const FIELD = /^_?[a-z][a-z0-9]*(?:(?:[A-Z][a-z0-9]*)|(?:_[0-9][a-z0-9]*))*$/
const COLUMN = /^_?[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/

/**
 * The column that keeps a model's field: `processingDate` → `processing_date`. A part that begins with a digit keeps its
 * underscore in both forms (`recall_80` ⇄ `recall_80`), a leading underscore stays (`_version`), so that every name has
 * exactly one partner: {@link toField} leads back. A field that would not come back (`URLPath`'s first capital, `a__b`)
 * throws `bad_query`.
 */
export function toColumn(field: string): string {
  if (!FIELD.test(field)) throw badName('field', field, 'camelCase, for example processingDate')
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The model field that a column fills: `processing_date` → `processingDate`. The exact inverse of {@link toColumn}. */
export function toField(column: string): string {
  if (!COLUMN.test(column)) throw badName('column', column, 'snake_case, for example processing_date')
  return column.replaceAll(/(?<!^)_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

function badName(kind: string, name: string, expected: string): StorageError {
  return new StorageError({
    code: 'bad_query',
    message: `${kind} name ${JSON.stringify(name)} cannot be converted: it must be ${expected}`,
    details: { kind, name },
  })
}
