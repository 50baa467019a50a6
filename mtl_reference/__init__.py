"""Exact references of multi-task gradient methods: what each method is, and why it is right."""
