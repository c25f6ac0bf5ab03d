"""The measuring stick of the checks: on-brand and faulty assets with known faults, and what the checks say about them."""
