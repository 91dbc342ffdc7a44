"""Career teachers: pairing, coaching, observation, entrustment."""
