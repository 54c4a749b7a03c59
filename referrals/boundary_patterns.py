"""The language in which phrases of the boundary guard are written, and how it is matched.

A pattern is words separated by spaces:

=============  ====================================================================================
``wash``       the word in any of its forms (English endings, Welsh mutations)
``=wash``      this form only
``a|b|@set``   any of these; a set is a row whose code starts with ``@``, patterns split by ``;``
``<3>``        up to three words between, and any commas
``[3]``        the same, but neither a comma nor a word of ``@break`` (another person, "and")
``x?`` ``x*``  once or not at all; up to six times
``!x`` ``&x``  not followed by, followed by
``^`` ``$``    a clause begins, a clause ends
``ANY``        one word; ``NAME`` one with a capital inside a sentence; ``POSS`` one with 's
``HIT``        only in *unless*: the words that were hit
=============  ====================================================================================

Nothing matches across the end of a sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from referrals.boundary_text import FORMS, Token, plain_of


@dataclass(frozen=True)
class Place:
    """The words of a text, and the hit that an *unless* is about."""

    tokens: tuple[Token, ...]
    hit: tuple[int, int] | None = None


class Node(Protocol):
    def ends(self, place: Place, at: int) -> Iterator[int]:
        """Every index after a match that begins at ``at``."""


@dataclass(frozen=True)
class _Word:
    forms: frozenset[str]

    def ends(self, place: Place, at: int) -> Iterator[int]:
        token = place.tokens[at] if at < len(place.tokens) else None
        if token is not None and token.word in self.forms and not token.possessive:
            yield at + 1


@dataclass(frozen=True)
class _Kind:
    """ANY, NAME or POSS."""

    kind: str

    def ends(self, place: Place, at: int) -> Iterator[int]:
        if at >= len(place.tokens) or place.tokens[at].word in ",.":
            return
        token = place.tokens[at]
        if {"ANY": not token.possessive, "POSS": token.possessive, "NAME": token.name}[self.kind]:
            if self.kind == "NAME" and token.possessive:
                return
            yield at + 1


@dataclass(frozen=True)
class _Sequence:
    nodes: tuple[Node, ...]

    def ends(self, place: Place, at: int) -> Iterator[int]:
        yield from self._rest(place, at, 0)

    def _rest(self, place: Place, at: int, index: int) -> Iterator[int]:
        if index == len(self.nodes):
            yield at
            return
        for after in self.nodes[index].ends(place, at):
            yield from self._rest(place, after, index + 1)


@dataclass(frozen=True)
class _Either:
    nodes: tuple[Node, ...]

    def ends(self, place: Place, at: int) -> Iterator[int]:
        for node in self.nodes:
            yield from node.ends(place, at)


@dataclass(frozen=True)
class _Repeat:
    node: Node
    most: int

    def ends(self, place: Place, at: int) -> Iterator[int]:
        yield at
        seen, reached = {at}, [at]
        for _ in range(self.most):
            reached = [after for before in reached for after in self.node.ends(place, before) if after not in seen]
            seen.update(reached)
            yield from reached


@dataclass(frozen=True)
class _Gap:
    most: int
    stops: frozenset[str] | None
    """Words that end a narrow gap; None for a wide one."""

    def ends(self, place: Place, at: int) -> Iterator[int]:
        words = 0
        while True:
            yield at
            if at >= len(place.tokens) or place.tokens[at].word == ".":
                return
            token = place.tokens[at]
            if self.stops is not None and token.word in self.stops and not token.possessive:
                return
            words += token.word != ","
            if words > self.most:
                return
            at += 1


@dataclass(frozen=True)
class _Look:
    node: Node
    wanted: bool

    def ends(self, place: Place, at: int) -> Iterator[int]:
        if any(True for _ in self.node.ends(place, at)) is self.wanted:
            yield at


@dataclass(frozen=True)
class _Edge:
    """The start (``^``) or end (``$``) of a clause."""

    step: int

    def ends(self, place: Place, at: int) -> Iterator[int]:
        beside = at + self.step
        if not 0 <= beside < len(place.tokens) or place.tokens[beside].word in ",.":
            yield at


@dataclass(frozen=True)
class _HitItself:
    def ends(self, place: Place, at: int) -> Iterator[int]:
        if place.hit is not None and at == place.hit[0]:
            yield place.hit[1]


class Parser:
    """Patterns of one language, with its sets."""

    def __init__(self, language: str, sets: Mapping[str, str]) -> None:
        if language not in FORMS:
            raise ValueError(f"There are no rules for the words of “{language}”.")
        self.forms = FORMS[language]
        self.sets = sets
        self.made: dict[str, Node] = {}
        self.breaks = frozenset({",", *sets.get("@break", "").split("|")})

    def pattern(self, text: str) -> Node:
        parts = text.split()
        if not parts:
            raise ValueError("A pattern needs at least one word.")
        return _Sequence(tuple(self.element(part) for part in parts))

    def element(self, part: str) -> Node:
        if part[0] in "!&" and len(part) > 1:
            return _Look(self.element(part[1:]), part[0] == "&")
        if part[0] + part[-1] in ("<>", "[]"):
            return _Gap(int(part[1:-1]), self.breaks if part[0] == "[" else None)
        if part[-1] in "?*" and len(part) > 1:
            return _Repeat(self.element(part[:-1]), 1 if part[-1] == "?" else 6)
        return self.either(part.split("|"))

    def either(self, atoms: Sequence[str]) -> Node:
        words: set[str] = set()
        nodes: list[Node] = []
        for atom in atoms:
            plain = "".join(map(plain_of, atom.removeprefix("=")))
            if atom[:1] in tuple("@^$") or atom.isupper():
                nodes.append(self.special(atom))
            elif not plain.isalnum() and atom != ",":
                raise ValueError(f"“{atom}” is not a word of a pattern.")
            elif atom.startswith("=") or atom == ",":
                words.add(plain)
            else:
                words |= self.forms(plain)
        if words:
            nodes.insert(0, _Word(frozenset(words)))
        return nodes[0] if len(nodes) == 1 else _Either(tuple(nodes))

    def special(self, atom: str) -> Node:
        if atom in ("^", "$"):
            return _Edge(-1 if atom == "^" else 0)
        if atom == "HIT":
            return _HitItself()
        if atom in ("ANY", "NAME", "POSS"):
            return _Kind(atom)
        if atom not in self.sets:
            raise ValueError(f"There is no set “{atom}”.")
        if atom not in self.made:
            self.made[atom] = _Either(self.patterns(self.sets[atom]))
        return self.made[atom]

    def patterns(self, text: str) -> tuple[Node, ...]:
        return tuple(self.pattern(part) for part in text.split(";") if part.strip())
