import type { Random } from '../random/random.ts'
import { WeightedChoice } from '../random/weighted-choice.ts'
import {
  arbitrage,
  cashTakings,
  flashSale,
  moveReserves,
  payRewards,
  paySupplier,
  stake,
  treasuryLoop,
} from './businesses.ts'
import { collectGift, passAround, savingsClub, settleUp } from './gatherings.ts'
import { buy, deposit, gamble, handOn, lend, payFriend, withdraw, withdrawAtLimit } from './people.ts'
import type { Behaviour } from './scene.ts'
import { breakSavings, fundVenture, giveAllowances, tradeTogether } from './undertakings.ts'

/** How often each thing is begun, per thousand or so; some of them make many transfers. */
const everyday: readonly (readonly [behaviour: Behaviour, weight: number])[] = [
  [buy, 250],
  [payFriend, 190],
  [deposit, 90],
  [withdraw, 150],
  [withdrawAtLimit, 4],
  [gamble, 26],
  [lend, 16],
  [handOn, 14],
  [collectGift, 3],
  [settleUp, 5],
  [savingsClub, 1],
  [passAround, 4],
  [tradeTogether, 2],
  [fundVenture, 2],
  [giveAllowances, 2],
  [breakSavings, 10],
  [paySupplier, 40],
  [cashTakings, 18],
  [treasuryLoop, 4],
  [arbitrage, 14],
  [moveReserves, 6],
  [stake, 36],
  [payRewards, 3],
  [flashSale, 3],
]

const choice = new WeightedChoice(everyday.map(([, weight]) => weight))

/** What somebody does next. */
export function drawBehaviour(random: Random): Behaviour {
  return everyday[choice.draw(random)]?.[0] ?? buy
}
