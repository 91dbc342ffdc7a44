"""Times of the pages people use most, on a demo centre of any size; printed, never asserted."""
