"""What a command of the CLI has to say: a record printed as lines for people or as JSON for programs."""

import json
import sys
from dataclasses import dataclass, field
from typing import Any

from chengyun_core.model.failure import Reason, Refused, Trouble
from chengyun_resources.texts import Texts
from chengyun_resources.texts.reason_words import params_of

EXIT_DONE = 0
EXIT_REFUSED = 1
EXIT_TROUBLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of a command: lines for people, facts for programs, and the exit code."""

    lines: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    exit_code: int = EXIT_DONE


def show(report: Report, *, as_json: bool) -> int:
    """Print a report to standard output and return its exit code."""
    if as_json:
        print(json.dumps(report.facts, ensure_ascii=False, indent=2, default=str))
    else:
        for line in report.lines:
            print(line)
    return report.exit_code


def show_failure(failure: Refused | Trouble, texts: Texts, *, as_json: bool) -> int:
    """Print why a command failed, to standard error (JSON to standard output), and return the exit code."""
    code = EXIT_REFUSED if isinstance(failure, Refused) else EXIT_TROUBLE
    sentence = sentence_of(failure.reason, texts)
    if as_json:
        facts = {"outcome": "refused" if code == EXIT_REFUSED else "trouble", "code": failure.reason.code}
        print(json.dumps({**facts, "params": failure.reason.params, "text": sentence}, ensure_ascii=False, indent=2))
    else:
        print(sentence, file=sys.stderr)
    return code


def sentence_of(reason: Reason, texts: Texts) -> str:
    """Return the sentence of a reason."""
    return texts.say(reason.code, **params_of(texts, reason.code, reason.params))
