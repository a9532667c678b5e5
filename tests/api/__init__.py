"""The service: routes, forms of upload, hostile input and operation."""
