"""A Quilt registry for every account, with the rules and the traps of the real one; its web host and its registry are two addresses.

Asking         door.py        the requests of both hosts
               language.py    the schema (src/catalog/schema.graphql), of today's platform or of an older one
"""
