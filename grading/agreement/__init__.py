"""How far machines and people, people among themselves, and repeats of a machine agree."""
