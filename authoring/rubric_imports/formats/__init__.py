"""One module a format; adding one means adding a module here."""
