"""One file, one subcommand, imported only when it is called."""
