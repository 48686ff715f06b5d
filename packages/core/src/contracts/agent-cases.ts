import dataset from './agent-dataset.json' with { type: 'json' }
import expected from './agent-expected.json' with { type: 'json' }

/** The rows of the worked set as the earlier platform wrote them, with the moment at which they are asked about. */
export const agentDataset = dataset

/** What each question answers about {@link agentDataset}, ties and missing rows included; `rules` says why. */
export const agentExpected = expected
