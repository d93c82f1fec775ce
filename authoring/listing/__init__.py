"""The list of tasks: filters, bulk changes, and beginning a new one."""
