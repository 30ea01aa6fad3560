"""Letters of our own for pictures of the demo cameras: five by seven dots, and the two characters 演示."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Dots = npt.NDArray[np.bool_]

_SMALL = {
    "0": "0e11131519110e", "1": "040c040404040e", "2": "0e11010204081f", "3": "1f02040201110e", "4": "02060a121f0202",
    "5": "1f101e0101110e", "6": "0608101e11110e", "7": "1f010204080808", "8": "0e11110e11110e", "9": "0e11110f01020c",
    "A": "0e11111f111111", "B": "1e11111e11111e", "C": "0e11101010110e", "D": "1c12111111121c", "E": "1f10101e10101f",
    "F": "1f10101e101010", "G": "0e11101711110f", "H": "1111111f111111", "I": "0e04040404040e", "J": "0702020202120c",
    "K": "11121418141211", "L": "1010101010101f", "M": "111b1515111111", "N": "11111915131111", "O": "0e11111111110e",
    "P": "1e11111e101010", "Q": "0e11111115120d", "R": "1e11111e141211", "S": "0f10100e01011e", "T": "1f040404040404",
    "U": "1111111111110e", "V": "11111111110a04", "W": "11111115151b11", "X": "11110a040a1111", "Y": "1111110a040404",
    "Z": "1f01020408101f", "-": "0000001f000000", ".": "00000000000c0c", ":": "000c0c000c0c00", "/": "01020204080810",
    "+": "0004041f040400", " ": "00000000000000",
}  # fmt: skip
"""Letter → seven rows of five dots, two hexadecimal digits each."""

_MARK = (
    """
    ..#......#......
    ...#.###########
    .....#.........#
    #......#######..
    .#........#.....
    ..#..#########..
    .....#...#...#..
    .....#########..
    ..#..#...#...#..
    ..#..#########..
    .#.....#...#....
    .#....#.....#...
    #....#.......#..
    #...............
    """,
    """
    ................
    ..############..
    ................
    ................
    ................
    ################
    .......##.......
    .......##.......
    ...#...##...#...
    ..##...##...##..
    ..#....##....#..
    .#.....##.....#.
    #......##......#
    .....####.......
    """,
)


def text(said: str, scale: int) -> Dots:
    """Return a line of capitals, digits and signs, `scale` pixels to a dot; what is unknown is left blank."""
    letters = [np.pad(SMALL.get(letter, SMALL[" "]), ((0, 0), (0, 1))) for letter in said.upper()]
    return _scaled(np.concatenate(letters, axis=1), scale)


def mark(scale: int) -> Dots:
    """Return 演示, 14 dots high."""
    parts = [np.pad(_drawn(told), ((0, 0), (1, 1))) for told in _MARK]
    return _scaled(np.concatenate(parts, axis=1), scale)


def _rows(told: str) -> Dots:
    rows = [int(told[at : at + 2], 16) for at in range(0, 14, 2)]
    return np.array([[bool(row >> bit & 1) for bit in (4, 3, 2, 1, 0)] for row in rows])


def _drawn(told: str) -> Dots:
    return np.array([[dot == "#" for dot in line.strip()] for line in told.split()])


def _scaled(dots: Dots, scale: int) -> Dots:
    return np.repeat(np.repeat(dots, scale, axis=0), scale, axis=1)


SMALL: Mapping[str, Dots] = {letter: _rows(told) for letter, told in _SMALL.items()}
