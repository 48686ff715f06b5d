import { expect, it } from 'vitest'

import { resolveOptionalModule } from './resolve-optional-module.ts'

const wanted = {
  from: import.meta.url,
  neededBy: 'the embedded engine',
  hint: 'npm install it, or set ENGINE_URL',
} as const

it('finds what is installed', () => {
  const found = resolveOptionalModule({ ...wanted, specifier: 'zod', packageName: 'zod' })
  expect(found).toMatch(/zod/)
})

it('names the package and the way out when it is not', () => {
  expect(() =>
    resolveOptionalModule({ ...wanted, specifier: 'no-such-engine/lib', packageName: 'no-such-engine' }),
  ).toThrow(
    'the embedded engine needs the package no-such-engine, which is not installed: npm install it, or set ENGINE_URL',
  )
})
