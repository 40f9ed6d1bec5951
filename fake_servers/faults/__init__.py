"""Every way in which a service can fail, one fault a file. Importing this package registers the house's own."""
