import type { ScenarioInput } from './scenario.ts'

type On = [number, number][]

const FOUR_MINERS: On = [[4, 16_383], [5, 32_767], [6, 49_149], [7, 65_535]] // prettier-ignore

const onSelf = (uid: number): On => [[uid, 65_535]]

const movingBonds: ScenarioInput = {
  name: 'moving-bonds',
  about: 'Four validators agree on four miners, then three of them turn away one after another (Yuma 2).',
  epochs: 8,
  neurons: Array.from({ length: 8 }, (_none, uid) => ({ uid, stake: uid < 4 ? uid + 1 : 0 })),
  events: [
    { epoch: 0, weights: [0, 1, 2, 3].map((validator) => ({ validator, on: FOUR_MINERS })) },
    { epoch: 1, weights: [{ validator: 0, on: onSelf(0) }] },
    { epoch: 2, weights: [{ validator: 1, on: onSelf(1) }] },
    { epoch: 3, weights: [{ validator: 2, on: onSelf(2) }] },
    { epoch: 4, weights: [{ validator: 2, on: [[7, 65_535]] }] },
  ],
}

const threeViews: ScenarioInput = {
  name: 'three-views',
  about: 'Three validators see six miners differently; the largest of them nearly decides alone (Yuma 2).',
  epochs: 10,
  neurons: Array.from({ length: 9 }, (_none, uid) => ({ uid, stake: [50, 30, 20][uid] ?? 0 })),
  events: [
    {
      epoch: 0,
      weights: [
        { validator: 0, on: [[3, 65_535], [4, 495], [5, 410], [6, 175], [7, 75], [8, 370]] },
        { validator: 1, on: [[3, 65_535], [4, 44_793], [5, 40_621], [6, 17_286], [7, 7_407], [8, 36_595]] },
        { validator: 2, on: [[3, 20_000], [4, 65_535], [5, 30_000], [6, 0], [7, 0], [8, 65_535]] },
      ],
    },
  ],
} // prettier-ignore

/** All weight on the first of two miners, and all on the second; zeros are given, so that liquid alpha keeps bonds. */
const VIEWS: Readonly<Record<string, On>> = {
  A: [[3, 65_535], [4, 0]],
  Z: [[3, 0], [4, 65_535]],
} // prettier-ignore

const LIQUID_ALPHA = { low: 6_553, high: 19_660, steepness: 1_000 }

/** `views` has one letter per validator for each epoch at which somebody changes. */
function switching(
  about: Pick<ScenarioInput, 'name' | 'about'>,
  stakes: readonly [number, number, number],
  views: Readonly<Record<number, string>>,
  isLiquid = true,
): ScenarioInput {
  return {
    ...about,
    epochs: 6,
    parameters: {
      yuma: 3,
      bondsMovingAverage: 975_000,
      bondsPenalty: 0,
      maxValidators: 3,
      liquidAlpha: isLiquid ? LIQUID_ALPHA : null,
    },
    neurons: [...stakes, 0, 0].map((stake, uid) => ({ uid, stake })),
    events: Object.entries(views).map(([epoch, letters]) => ({
      epoch: Number(epoch),
      weights: [...letters].map((letter, validator) => ({ validator, on: VIEWS[letter] ?? [] })),
    })),
  }
}

/** The courses that `validator simulate` knows by name: those whose numbers are published, and one of our own. */
export const BUILT_IN_SCENARIOS: readonly ScenarioInput[] = [
  movingBonds,
  threeViews,
  switching(
    {
      name: 'large-validator-first',
      about:
        'The validator with 80 % of the stake moves to a better miner first, two small ones follow (Yuma 3).',
    },
    [8, 1, 1],
    { 0: 'AAA', 1: 'ZAA', 2: 'ZZA', 3: 'ZZZ' },
  ),
  switching(
    {
      name: 'large-validator-second',
      about:
        'A small validator moves first, the one with 80 % of the stake follows, then the other (Yuma 3).',
    },
    [8, 1, 1],
    { 0: 'AAA', 1: 'AZA', 2: 'ZZA', 3: 'ZZZ' },
  ),
  switching(
    {
      name: 'one-epoch-switch',
      about: 'One of three equal validators strays for one epoch and comes back (Yuma 3, liquid alpha).',
    },
    [33, 33, 34],
    { 0: 'AAA', 2: 'AAZ', 3: 'AAA' },
  ),
  switching(
    {
      name: 'one-epoch-switch-fixed-rate',
      about: 'One of three equal validators strays for one epoch and comes back (Yuma 3, fixed rate).',
    },
    [33, 33, 34],
    { 0: 'AAA', 2: 'AAZ', 3: 'AAA' },
    false,
  ),
]
