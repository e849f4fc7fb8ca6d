"""Where people and programs meet the assistant: they translate, and nothing else."""
