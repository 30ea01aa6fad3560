"""A catalogue's view with some vitals and posts told otherwise, for a screen that anybody in the hall can read."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from typing_extensions import override

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.places import Post

_OF_ROWS = ("shown", "channels")
"""Properties made from the rows of vitals: they are made again from those told."""


class MaskedView(CatalogueView):
    """Shares tree, limits and arrays with the view it masks: made in a millisecond, never more than its rows differ.

    Vitals keep number, code, place in the tree and limits; only what is said of them differs.
    """

    def __init__(self, view: CatalogueView, vitals: Mapping[int, Vital], mask: Callable[[Post], Post]) -> None:
        """`vitals` by number are told in place of the view's own; `mask` is asked for every post that is looked up.

        The catalogue's own rows of posts and guidance are left out: nobody passes the mask by.
        """
        self.__dict__.update(vars(view))
        self._mask = mask
        self.catalogue = replace(view.catalogue, posts=(), guidance=())
        if vitals:
            self._tell_otherwise(vitals)

    @override
    def post(self, code: str) -> Post | None:
        post = super().post(code)
        return self._mask(post) if post is not None else None

    def _tell_otherwise(self, vitals: Mapping[int, Vital]) -> None:
        for name in _OF_ROWS:
            self.__dict__.pop(name, None)
        told = tuple(vitals.get(vital.number, vital) for vital in self.catalogue.vitals)
        self.catalogue = replace(self.catalogue, vitals=told)
        self._vitals = {vital.number: vital for vital in told}
        self.pinned = tuple(number for number in self.pinned if self._vitals[number].pinned > 0)
