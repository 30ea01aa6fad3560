"""A catalogue's view with some vitals and posts told otherwise, for a screen that anybody in the hall can read."""

from collections.abc import Mapping
from dataclasses import replace

from chengyun_core.mirror.catalogue_view import CatalogueView
from chengyun_core.model.catalogue import Vital
from chengyun_core.model.places import Post

_OF_ROWS = ("shown", "channels")
"""Properties made from the rows of vitals: they are made again from those told."""


class MaskedView(CatalogueView):
    """Shares tree, limits and arrays with the view it masks: made in a millisecond, never more than its rows differ.

    Vitals keep number, code, place in the tree and limits; only what is said of them differs.
    """

    def __init__(self, view: CatalogueView, vitals: Mapping[int, Vital], posts: Mapping[str, Post]) -> None:
        """`vitals` by number and `posts` by code are what is told in place of the view's own."""
        self.__dict__.update({name: value for name, value in vars(view).items() if name not in _OF_ROWS})
        rows = view.catalogue
        self.catalogue = replace(
            rows,
            vitals=tuple(vitals.get(vital.number, vital) for vital in rows.vitals),
            posts=tuple(posts.get(post.code, post) for post in rows.posts),
            guidance=(),
        )
        self._vitals = {vital.number: vital for vital in self.catalogue.vitals}
        self.pinned = tuple(number for number in view.pinned if self._vitals[number].pinned > 0)
        self._posts = {post.code: post for post in self.catalogue.posts}
