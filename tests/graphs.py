"""Circles in a graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


def circles(graph: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Return the modules that reach one another, a list for each circle (Kosaraju's algorithm)."""
    order: dict[str, None] = {}
    seen: set[str] = set()

    def visit(name: str, edges: Mapping[str, Collection[str]]) -> Iterator[str]:
        """Yield what is reached for the first time, each after what is reached from it."""
        stack = [(name, iter(edges[name]))]
        seen.add(name)
        while stack:
            _, others = stack[-1]
            following = next((one for one in others if one not in seen), None)
            if following is None:
                yield stack.pop()[0]
            else:
                seen.add(following)
                stack.append((following, iter(edges[following])))

    for name in graph:
        if name not in seen:
            order.update(dict.fromkeys(visit(name, graph)))
    backwards: dict[str, list[str]] = {name: [] for name in graph}
    for name, others in graph.items():
        for other in others:
            backwards[other].append(name)
    seen.clear()
    found = [sorted(visit(name, backwards)) for name in reversed(order) if name not in seen]
    return [names for names in found if len(names) > 1]
