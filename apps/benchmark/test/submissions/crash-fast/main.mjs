// Fails at once: a run that took a millisecond.
process.exit(1)
