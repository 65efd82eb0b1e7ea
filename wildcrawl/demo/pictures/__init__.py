"""Pictures of the marketplaces: rendered photographs, the same on every run.

All are generated. `served` answers a request; `photograph` renders an object on a ground,
`shapes` draws the object, `textures` its surface and the ground; `changes` makes what sellers make
of another's photograph; `lettering` writes Chinese and codes; `faults` are files that no program
should open unguarded.
"""
