"""The adapter between Pulumi's provider protocol and the life cycle: a plugin for programs in every language."""
