"""What ministack keeps for all accounts at once, safe to walk while other threads change it.

Resources of stacks are made on threads of their own. `list(store.items())` is no single step: each pair that it makes may start the garbage collector, whose
callbacks let another thread in, and "dictionary changed size during iteration" fails a request of an account that did nothing wrong.
"""

_GONE = object()


def install():
    """Before ministack's services are imported: their stores are made as they are."""
    from ministack.core import responses
    for store in (responses.AccountScopedDict, responses.AccountRegionScopedDict):
        store.__init__ = _begin


def _begin(store):
    store._data = Shared()


class Shared(dict):
    """A dict that is walked as it was when the walk began."""

    __slots__ = ()

    def __iter__(self):
        return iter(list(dict.keys(self)))    # a view of keys makes no objects, so nothing comes between

    def copy(self):
        found = ((key, dict.get(self, key, _GONE)) for key in self)
        return {key: value for key, value in found if value is not _GONE}

    def keys(self):
        return dict.fromkeys(self).keys()

    def values(self):
        return self.copy().values()

    def items(self):
        return self.copy().items()
