"""The ledger: who may handle which matter, at which entrustment, from when until when."""
