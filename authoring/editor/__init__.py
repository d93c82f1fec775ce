"""The workbench of a task: the frame of its tabs, autosave, and the tabs Prompt and Agent view.

frame: what stands around every tab. fields: the plain fields of a task as forms. answers: what a
save is answered with. The other tabs are packages of their own: setups, references, rubrics,
history.
"""
