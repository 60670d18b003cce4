# WQL, as much of it as monitoring needs: SELECT columns FROM class WHERE condition.
# SPDX-License-Identifier: GPL-3.0-or-later
"""parse(text) gives a Query; its bind(columns) gives a Selection, whose matches(row) decides about a row."""
import dataclasses
import datetime
import functools
import operator
import re

NESTING_MAX, TOKENS_MAX = 64, 1500
TOKEN = re.compile(r"""\s*(?:(?P<word>[A-Za-z_]\w*)|(?P<number>-?\d+(?:\.\d+)?)|(?P<operator><>|!=|<=|>=|[=<>(),*])|
    '(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)")""", re.VERBOSE | re.DOTALL)
DMTF = re.compile(r"(\d{14})\.(\d{6})([+-])(\d{3})", re.ASCII)
COMPARISONS = {"=": operator.eq, "<>": operator.ne, "!=": operator.ne, "<": operator.lt, ">": operator.gt,
               "<=": operator.le, ">=": operator.ge}
KEYWORDS = {"select", "from", "where", "and", "or", "not", "like", "is", "null", "true", "false"}


class BadQuery(ValueError):
    """Syntax, or a column that the class does not have: 0x80041017."""


@dataclasses.dataclass(frozen=True)
class Query:
    columns: tuple          # empty: all
    class_name: str
    condition: tuple        # tree of tuples: ("and", a, b), ("not", a), ("=", column, literal), ("like", ...)

    def bind(self, columns):
        """For a class with these columns; without any, every name is taken."""
        return _bind(self, tuple(columns))


@dataclasses.dataclass(frozen=True)
class Selection:
    columns: tuple          # as the class spells them, in alphabetical order; empty: all
    matches: object


def tokens(text):
    found, position, end = [], 0, len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if not match:
            raise BadQuery(f"not understood at {position}")
        kind, value = match.lastgroup, match[match.lastgroup]
        if kind in ("single", "double"):
            kind, value = "string", re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
        elif kind == "word" and value.lower() in KEYWORDS:
            kind, value = "keyword", value.lower()
        found.append((kind, value))
        position = match.end()
    if len(found) > TOKENS_MAX:
        raise BadQuery("too long")
    return found + [("end", "")]


class Parser:
    def __init__(self, text):
        self.tokens, self.position, self.depth = tokens(text), 0, 0

    def peek(self, *wanted):
        return self.tokens[self.position] in wanted

    def take(self, *wanted):
        """Step over the next token if it is one of these."""
        if not self.peek(*wanted):
            return False
        self.position += 1
        return True

    def expect(self, kind, value=None):
        found = self.tokens[self.position]
        if found[0] != kind or value is not None and found[1] != value:
            raise BadQuery(f"'{found[1]}' where {value or kind} belongs")
        self.position += 1
        return found[1]

    def query(self):
        self.expect("keyword", "select")
        columns = []
        if not self.take(("operator", "*")):
            columns.append(self.expect("word"))
            while self.take(("operator", ",")):
                columns.append(self.expect("word"))
        self.expect("keyword", "from")
        class_name = self.expect("word")
        condition = self.disjunction() if self.take(("keyword", "where")) else ()
        self.expect("end")
        return Query(tuple(columns), class_name, condition)

    def disjunction(self):
        tree = self.conjunction()
        while self.take(("keyword", "or")):
            tree = ("or", tree, self.conjunction())
        return tree

    def conjunction(self):
        tree = self.negation()
        while self.take(("keyword", "and")):
            tree = ("and", tree, self.negation())
        return tree

    def negation(self):
        self.depth += 1
        if self.depth > NESTING_MAX:
            raise BadQuery("nested too deeply")
        if self.take(("keyword", "not")):
            tree = ("not", self.negation())
        elif self.take(("operator", "(")):
            tree = self.disjunction()
            self.expect("operator", ")")
        else:
            tree = self.comparison()
        self.depth -= 1
        return tree

    def comparison(self):
        column = self.expect("word")
        if self.take(("keyword", "is")):
            kind = "present" if self.take(("keyword", "not")) else "absent"
            self.expect("keyword", "null")
            return kind, column
        if self.take(("keyword", "like")):
            return "like", column, self.expect("string")
        sign = self.expect("operator")
        if sign not in COMPARISONS:
            raise BadQuery(f"'{sign}' where a comparison belongs")
        if self.take(("keyword", "null")):
            return "absent" if sign == "=" else "present", column
        return sign, column, self.literal()

    def literal(self):
        kind, value = self.tokens[self.position]
        self.position += 1
        if kind == "string":
            return value
        if kind == "number":
            return float(value) if "." in value else int(value)
        if (kind, value) in (("keyword", "true"), ("keyword", "false")):
            return value == "true"
        raise BadQuery(f"'{value}' where a value belongs")


@functools.lru_cache(maxsize=256)
def parse(text):
    return Parser(text).query()


def datetime_of(text):
    """A DMTF time: yyyymmddHHMMSS.mmmmmm and the offset in minutes."""
    match = DMTF.fullmatch(text)
    try:
        zone = datetime.timezone(datetime.timedelta(minutes=int(match[3] + match[4])))
        moment = datetime.datetime.strptime(match[1], "%Y%m%d%H%M%S")
    except (TypeError, ValueError):
        raise BadQuery(f"'{text}' is no time") from None
    return moment.replace(microsecond=int(match[2]), tzinfo=zone)


def pattern(text):
    """LIKE: % any run, _ one character, [a-f] and [^a-f] sets."""
    parts, position = [], 0
    while position < len(text):
        char, end = text[position], text.find("]", position + 2)
        if char == "[" and end > 0:
            inner = text[position + 1:end]
            negated, inner = inner.startswith("^"), inner.lstrip("^")
            parts.append(f"[{'^' if negated else ''}{re.escape(inner).replace(chr(92) + '-', '-')}]")
            position = end
        else:
            parts.append({"%": ".*", "_": "."}.get(char) or re.escape(char))
        position += 1
    try:
        return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
    except re.error:
        raise BadQuery(f"'{text}' is no pattern") from None


def comparable(value, literal):
    """Both in the type of the value, as WMI coerces; None if that cannot be."""
    if isinstance(value, bool) or isinstance(literal, bool):
        words = {"true": True, "false": False, "1": True, "0": False}
        return words.get(str(value).lower()), words.get(str(literal).lower())
    if isinstance(value, datetime.datetime):
        return value, datetime_of(str(literal))
    if isinstance(value, (int, float)):
        try:
            return value, literal if isinstance(literal, (int, float)) else int(literal)
        except ValueError:
            raise BadQuery(f"'{literal}' is no number") from None
    return str(value).lower(), str(literal).lower()


def _value(row, column):
    value = row.get(column)
    return value() if callable(value) else value


def _compare(sign, column, literal):
    compare = COMPARISONS[sign]
    if isinstance(literal, str):
        lower = literal.lower()
    else:
        lower = None

    def matches(row):
        value = _value(row, column)
        if value is None or isinstance(value, list):
            return False
        if lower is not None and isinstance(value, str):
            return compare(value.lower(), lower)
        left, right = comparable(value, literal)
        return left is not None and right is not None and compare(left, right)
    return matches


def _like(column, text):
    regex = pattern(text)
    return lambda row: isinstance(_value(row, column), str) and bool(regex.fullmatch(_value(row, column)))


def _predicate(tree, spell):
    kind, *parts = tree
    if kind in ("and", "or"):
        left, right = _predicate(parts[0], spell), _predicate(parts[1], spell)
        if kind == "and":
            return lambda row: left(row) and right(row)
        return lambda row: left(row) or right(row)
    if kind == "not":
        inner = _predicate(parts[0], spell)
        return lambda row: not inner(row)
    column = spell(parts[0])
    if kind == "absent":
        return lambda row: _value(row, column) is None
    if kind == "present":
        return lambda row: _value(row, column) is not None
    if kind == "like":
        return _like(column, parts[1])
    return _compare(kind, column, parts[1])


@functools.lru_cache(maxsize=256)
def _bind(query, columns):
    spelled = {column.lower(): column for column in columns}

    def spell(name):
        if spelled and name.lower() not in spelled:
            raise BadQuery(f"no column '{name}'")
        return spelled.get(name.lower(), name)
    chosen = tuple(sorted({spell(name) for name in query.columns}, key=str.lower))
    return Selection(chosen, _predicate(query.condition, spell) if query.condition else lambda row: True)
