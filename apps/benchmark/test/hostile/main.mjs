// Starts one of the programs beside it.
await import(`./${process.env.PROGRAM}.mjs`)
