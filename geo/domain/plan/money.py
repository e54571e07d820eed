"""Sums of money as the papers write them: ``300 миң сом``, ``1,3 млн сом``, ``2.3 million`` (DOMAIN.md section 8).

Money is kept in whole som. Reckoning is decimal from the first digit to the last, so that ``4,425 млн`` is 4 425 000
and nothing beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from geo.errors import Refused
from geo.i18n import Language, text

__all__ = ["MOST_SOM", "Money", "check_som", "money_in_words", "read_money"]

MOST_SOM = 10**12
"""More than any plan can cost; such a sum is a slip of the keyboard. Thousands of them still add up in 64 bits."""

_MOST_DIGITS = 18
_GAPS = "\u0020\u00a0\u2009\u202f'\u2019"
_UNITS = MappingProxyType(
    {
        "миң": 1_000,
        "миӊ": 1_000,
        "мин": 1_000,
        "тыс": 1_000,
        "тысяча": 1_000,
        "тысячи": 1_000,
        "тысяч": 1_000,
        "thousand": 1_000,
        "млн": 1_000_000,
        "миллион": 1_000_000,
        "миллиона": 1_000_000,
        "миллионов": 1_000_000,
        "mln": 1_000_000,
        "million": 1_000_000,
        "млрд": 1_000_000_000,
        "миллиард": 1_000_000_000,
        "миллиарда": 1_000_000_000,
        "миллиардов": 1_000_000_000,
        "bln": 1_000_000_000,
        "billion": 1_000_000_000,
    }
)
_CURRENCY = re.compile(r"сом(?:ду|дун|го|дон|до|а|ов|у|ом|ах|ами)?|som|soms|kgs|с")
_MORE = re.compile(r"ашык|ашуун|көбүрөөк|жогору|свыше|более|больше|over|more|above|than|>|≥")
_NUMBER = rf"\d(?:[\d.,{_GAPS}]*\d)?"
_GAP = re.compile(f"[{_GAPS}]")
_NUMBERS = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?",
        r"(?P<whole>\d{1,3}(?: \d{3})+)(?:[.,](?P<part>\d+))?",
        r"(?P<whole>\d{1,3}(?:\.\d{3})+),(?P<part>\d+)",
        r"(?P<whole>\d{1,3}(?:,\d{3})+)\.(?P<part>\d+)",
        r"(?P<whole>\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,})",
    )
)
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_TOKEN = re.compile(rf"\s*({_NUMBER}|[^\W\d_]+|[>≥])\.?")
_WORDS_OF = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"))


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in whole som.

    Parameters
    ----------
    som
        The sum.
    at_least
        The source says "over" this sum.
    """

    som: int
    at_least: bool = False


def check_som(som: int) -> int:
    """Return a sum that can be kept.

    Raises
    ------
    Refused
        Below nought, or more than `MOST_SOM`.
    """
    if som < 0:
        raise Refused("money.negative", value=som)
    if som > MOST_SOM:
        raise Refused("money.too_much", value=som)
    return som


def read_money(value: int | Decimal | str) -> Money:
    """Read a sum of money.

    Parameters
    ----------
    value
        A number of som, or words: digits with gaps, a comma or a point before decimals, миң/тыс./thousand,
        млн/million, млрд/billion, several units after each other, the currency or none, and "over".

    Raises
    ------
    Refused
        No sum can be read, it could be read in two ways (``1,300``), it is not whole som, it is negative or far too
        much.

    Examples
    --------
    >>> read_money("4,425 млн сом").som
    4425000
    >>> read_money("2,5 млн сомдон ашык")
    Money(som=2500000, at_least=True)
    >>> read_money("2 млн 300 миң сом").som
    2300000
    """
    if isinstance(value, int | Decimal):
        return Money(_whole(Decimal(value), str(value)))
    return _read_words(value)


def _read_words(written: str) -> Money:
    if re.match(r"\s*[-−–]", written):
        raise Refused("money.negative", value=written)
    total = Decimal(0)
    waiting: str | None = None
    last_unit: int | None = None
    at_least = ended = False
    for token in _tokens(written):
        if token[0].isdigit():
            if waiting is not None or ended:
                raise Refused("money.unreadable", value=written)
            waiting = token
        elif token in _UNITS:
            # "2 млн 300 миң": each unit is smaller than the one before.
            if waiting is None or ended or (last_unit is not None and _UNITS[token] >= last_unit):
                raise Refused("money.unreadable", value=written)
            last_unit = _UNITS[token]
            total += _number(waiting, has_unit=True, written=written) * last_unit
            waiting = None
        elif _CURRENCY.fullmatch(token):
            if ended or (waiting is None and last_unit is None):
                raise Refused("money.unreadable", value=written)
            ended = True
        elif _MORE.fullmatch(token):
            at_least = True
        else:
            raise Refused("money.unreadable", value=written)
    if waiting is not None:
        total += _number(waiting, has_unit=False, written=written)
    elif last_unit is None:
        raise Refused("money.unreadable", value=written)
    return Money(_whole(total, written), at_least)


def _tokens(written: str) -> list[str]:
    small = written.strip().casefold()
    found: list[str] = []
    at = 0
    while at < len(small):
        match = _TOKEN.match(small, at)
        if match is None:
            raise Refused("money.unreadable", value=written)
        found.append(match[1])
        at = match.end()
    return found


def _number(digits: str, *, has_unit: bool, written: str) -> Decimal:
    plain = _GAP.sub(" ", digits)
    if not has_unit and _TWO_WAYS.fullmatch(plain):
        # One thousand three hundred, or one som and three tenths: nobody can tell.
        raise Refused("money.ambiguous", value=written)
    for shape in _NUMBERS:
        if match := shape.fullmatch(plain):
            whole = re.sub(r"\D", "", match["whole"])
            part = (match.groupdict().get("part") or "").rstrip("0")
            if len(whole) + len(part) > _MOST_DIGITS:  # decimals are exact within 28 digits
                raise Refused("money.too_much" if len(whole) > len(part) else "money.part_of_som", value=written)
            return Decimal(f"{whole}.{part or 0}")
    raise Refused("money.unreadable", value=written)


def _whole(amount: Decimal, written: str) -> int:
    if not amount.is_finite():
        raise Refused("money.unreadable", value=written)
    if amount < 0:
        raise Refused("money.negative", value=written)
    if amount > MOST_SOM:
        raise Refused("money.too_much", value=written)
    if amount != amount.to_integral_value():
        raise Refused("money.part_of_som", value=written)
    return int(amount)


def money_in_words(som: int, language: Language, *, at_least: bool = False) -> str:
    r"""Return a sum as people write it: in thousands, millions or billions where no digit is lost by it.

    The decimal mark is that of the language; a gap that no line break splits stands between groups of digits.

    >>> money_in_words(4_425_000, Language.KY).replace("\u00a0", " ")
    '4,425 млн сом'
    >>> money_in_words(1_300_001, Language.EN).replace("\u00a0", " ")
    '1 300 001 som'
    """
    words = text("money.som", language, amount=_grouped(som))
    for unit, name in _WORDS_OF:
        amount = Decimal(som) / unit
        if som >= unit and som % max(unit // 1000, 1000) == 0:
            digits = f"{_grouped(int(amount))}{_decimals(amount)}"
            shown = digits if language is Language.EN else digits.replace(".", ",")
            words = text(f"money.{name}", language, amount=shown)
            break
    return text("money.over", language, amount=words) if at_least else words


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def _decimals(amount: Decimal) -> str:
    part = f"{amount % 1:.3f}"[1:].rstrip("0")
    return "" if part == "." else part
