"""The demo centre: its content as data (TOML, written for this project) and what turns it into rows."""
