"""Three administrators apart (G3): who audits cannot change, who changes cannot delete, no account is two of them."""

from chengyun_core.model.command import COMMANDS
from chengyun_core.model.holding import PostKind
from chengyun_core.model.permission import PERMISSIONS
from tests.support.rights_oracle import opened

READING = {"audit.check", "audit.page", "audit.row"}


def _may(kind: PostKind) -> set[str]:
    return {action for action in PERMISSIONS if any(cell.kind is kind for cell in opened(action))}


def test_that_an_auditor_leaves_his_seat_and_notes_what_he_takes_and_changes_nothing_else() -> None:
    assert _may(PostKind.AUDIT_ADMIN) & set(COMMANDS) == {"account.enrol_totp", "export.note", "session.sign_off"}
    assert _may(PostKind.AUDIT_ADMIN) >= READING


def test_that_only_auditors_and_who_stands_at_the_machine_read_the_journal_as_proof() -> None:
    for action in READING:
        assert {cell.kind for cell in opened(action)} == {PostKind.AUDIT_ADMIN, PostKind.LOCAL_ADMIN}


def test_that_who_keeps_accounts_gives_no_rights_and_who_gives_rights_keeps_no_accounts() -> None:
    accounts = {"account.create", "account.disable", "account.set_password"}
    assert _may(PostKind.IT_ADMIN) >= accounts
    assert "account.set_posts" not in _may(PostKind.IT_ADMIN)
    assert "account.set_posts" in _may(PostKind.SECURITY_ADMIN)
    assert not _may(PostKind.SECURITY_ADMIN) & accounts


def test_that_no_action_deletes_a_row_of_the_journal() -> None:
    assert [action for action in PERMISSIONS if action.startswith(("audit.", "journal.")) and action in COMMANDS] == []
