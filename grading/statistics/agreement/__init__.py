"""How far judges, people and repeats of either agree, with intervals over episodes."""
