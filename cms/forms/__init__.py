"""The shape of what is typed: the set-up assistant, the text of a policy."""
