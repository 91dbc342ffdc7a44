"""The project and its floor: settings, addresses, and the apps everything else stands on."""

VERSION = "0.1.0"
