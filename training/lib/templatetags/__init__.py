"""Template tags of the floor: words in every template, components by loading them."""
