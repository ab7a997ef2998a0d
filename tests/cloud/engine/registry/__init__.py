"""A Quilt registry for every account, with the rules and the traps of the real one; its web host and its registry are two addresses.

Asking         door.py        the requests of both hosts
               language.py    the schema (src/catalog/schema.graphql), of today's platform or of an older one
               roots.py       the fields that a query and a mutation begin with
               session.py     sign-in, tokens, keys; who asks
Holding        state.py       what a registry holds, and what tests have set of it
               buckets.py, policies.py, roles.py, users.py, mapping.py, tables.py, keys.py, health.py
                              the objects, each with its rules
               answers.py     results, refusals and faults, as the schema has them
Tests          steer.py       what tests ask and set past all that
"""
