import { expect, it } from 'vitest'

import { maxUpscale } from './max-upscale.ts'

it.each([
  {
    values: [1e-6, 6e-6, 7e-6, 1e-4, 1e-3, 0.01, 0.1, 0.2, 0.3, 0.4],
    stored: [0, 1, 1, 16, 164, 1_638, 16_384, 32_768, 49_151, 65_535],
  },
  { values: [0, 0.5, 1, 1.5, 2, 32_768], stored: [0, 1, 2, 3, 4, 65_535] },
  { values: [0, 0.5, 1, 1.5, 2, 32_768, 32_769], stored: [0, 1, 2, 3, 4, 65_533, 65_535] },
  { values: [1e-6, 1e-6], stored: [65_535, 65_535] },
  { values: [0, 0], stored: [0, 0] },
  { values: [], stored: [] },
])('vectors 9.2: max-upscale of $values', ({ values, stored }) => {
  expect(maxUpscale(values)).toEqual(stored)
})
