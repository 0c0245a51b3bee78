"""The one door to the connectors: what may be asked, how often, and what of the answer goes on."""
