# The XPath of event queries, as much of it as monitoring needs.
# SPDX-License-Identifier: GPL-3.0-or-later
"""compile_filter("*[System[(EventID=4001 or EventID=5000)]]") gives a function (event, now) -> bool."""
import functools
import operator
import re

TOKEN = re.compile(r"""\s*(?:(?P<word>[A-Za-z]\w*)|(?P<number>\d+)|(?P<operator><=|>=|!=|[=<>()\[\]@*/])|
    '(?P<single>[^']*)'|"(?P<double>[^"]*)")""", re.VERBOSE)
COMPARISONS = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
               ">=": operator.ge}
FIELDS = {"EventID": lambda event: event.id, "Level": lambda event: event.level,
          "EventRecordID": lambda event: event.record}
# Windows refuses 23 conditions in a row, and 22 if one of them is a group of its own (elastic/beats 1491, 35048).
CLAUSES_MAX = 22
NESTING_MAX = 32


class BadFilter(ValueError):
    """ERROR_EVT_INVALID_QUERY, 15001."""


def tokens(text):
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if not match:
            raise BadFilter(f"not understood at {position}")
        kind = "string" if match.lastgroup in ("single", "double") else match.lastgroup
        found.append((kind, match[match.lastgroup]))
        position = match.end()
    return found + [("end", "")]


class Parser:
    """Each method returns a function (event, now) -> bool."""

    def __init__(self, text):
        self.tokens, self.position, self.depth = tokens(text), 0, 0

    def take(self, kind, *values):
        found = self.tokens[self.position]
        if found[0] != kind or values and found[1] not in values:
            return None
        self.position += 1
        return found[1]

    def expect(self, kind, *values):
        found = self.take(kind, *values)
        if found is None:
            raise BadFilter(f"'{self.tokens[self.position][1]}' where {' or '.join(values) or kind} belongs")
        return found

    def filter(self):
        """*  or  *[System[condition]]"""
        self.expect("operator", "*")
        matches = _anything
        if self.take("operator", "["):
            self.expect("word", "System")
            self.expect("operator", "[")
            matches = self.chain("or", self.conjunction)
            self.expect("operator", "]")
            self.expect("operator", "]")
        self.expect("end")
        return matches

    def conjunction(self):
        return self.chain("and", self.term)

    def chain(self, word, member):
        members = [member()]
        while self.take("word", word):
            members.append(member())
        groups = word == "or" and any(getattr(one, "grouped", False) for one in members)
        if len(members) > CLAUSES_MAX - groups:
            raise BadFilter(f"{len(members)} conditions in a row")
        if len(members) == 1:
            return members[0]
        return _all(members) if word == "and" else _any(members)

    def term(self):
        if self.take("operator", "("):
            self.depth += 1
            if self.depth > NESTING_MAX:
                raise BadFilter("nested too deeply")
            inner = self.chain("or", self.conjunction)
            self.depth -= 1
            self.expect("operator", ")")
            return inner
        name = self.expect("word")
        if name in FIELDS:
            return self.number(FIELDS[name])
        if name == "Provider":
            return self.provider()
        if name == "TimeCreated":
            return self.age()
        raise BadFilter(f"'{name}' is not imitated here")

    def number(self, field):
        compare, number = COMPARISONS[self.expect("operator", *COMPARISONS)], int(self.expect("number"))
        return lambda event, now: compare(field(event), number)

    def provider(self):
        """Provider[@Name='a' or @Name='b']"""
        self.expect("operator", "[")
        names = set()
        while True:
            self.expect("operator", "@")
            self.expect("word", "Name")
            self.expect("operator", "=")
            names.add(self.expect("string"))
            if not self.take("word", "or"):
                break
        self.expect("operator", "]")
        return lambda event, now: event.provider in names

    def age(self):
        """TimeCreated[timediff(@SystemTime) <= milliseconds]"""
        for kind, value in (("operator", "["), ("word", "timediff"), ("operator", "("), ("operator", "@"),
                            ("word", "SystemTime"), ("operator", ")")):
            self.expect(kind, value)
        compare, number = COMPARISONS[self.expect("operator", *COMPARISONS)], int(self.expect("number"))
        self.expect("operator", "]")
        return lambda event, now: compare((now - event.time).total_seconds() * 1000, number)


def _anything(event, now):
    return True


def _all(members):
    def matches(event, now):
        return all(one(event, now) for one in members)
    matches.grouped = True
    return matches


def _any(members):
    return lambda event, now: any(one(event, now) for one in members)


@functools.lru_cache(maxsize=256)
def compile_filter(text):
    return Parser(text).filter()
